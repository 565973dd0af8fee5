import type { KubernetesObject } from './kubernetes-object.ts';
import { watchReads } from './watch-reads.ts';

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Validator {
  (data: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/**
 * What the API server would refuse under strict field validation: missing and unknown fields, wrong types and values,
 * each as `<path>: <what is wrong>`. Empty for an object that is right.
 */
export async function strictFindings(object: KubernetesObject): Promise<string[]> {
  const validate = await validatorOf(object);
  if (validate === undefined) return [`/kind: ${object.apiVersion} has no ${object.kind}`];
  const { watched, unread } = watchReads(object);
  const errors = validate(watched) ? [] : (validate.errors ?? []);
  const mistyped = errors.filter(({ keyword }) => keyword === 'type').map((error) => error.instancePath);
  // Nobody looks into a value of the wrong type.
  const unknown = unread().filter((path) => !mistyped.some((above) => path.startsWith(`${above}/`)));
  return [...errors.map(describe), ...unknown.map((path) => `${path}: unknown field`)];
}

/** The validator of the current API; undefined for what it does not have. */
async function validatorOf({ apiVersion, kind }: KubernetesObject): Promise<Validator | undefined> {
  const [version = '', group = 'core'] = apiVersion.split('/').toReversed();
  const words = [group.split('.')[0] ?? '', version, kind].map(
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
  try {
    const schema = (await import(`kubernetes-models/_schemas/IoK8sApi${words.join('')}`)) as {
      validate: Validator;
    };
    return schema.validate;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function describe({ instancePath, keyword, params }: SchemaError): string {
  const { missingProperty: missing, type, allowedValues } = params;
  if (typeof missing === 'string') return `${instancePath}/${missing}: required field is missing`;
  if (typeof type === 'string') return `${instancePath}: must be ${type}`;
  if (Array.isArray(allowedValues)) return `${instancePath}: must be one of ${allowedValues.join(', ')}`;
  return `${instancePath}: breaks ${keyword} ${JSON.stringify(params)}`;
}
