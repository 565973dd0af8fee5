import type { ValidationErrorItem } from 'joi';
import type { Finding } from '../configuration-error.js';
import { Refusal, refusalType } from '../schemas/kinds/kind.js';
import type { Values } from '../schemas/catalogue.js';
import { quote } from '../schemas/kinds/quote.js';
import { categorySchema, metaOf, type SettingMeta, type Settings } from '../schemas/setting.js';
import type { Layers } from './layers.js';
import { resolveVariable, type Resolution } from './resolve-variable.js';

/** The values of the variables that are right, by name, and what is wrong with the others. */
export interface Validated {
  readonly values: Partial<Values>;
  readonly mistakes: readonly Finding[];
}

interface Variable {
  readonly name: string;
  readonly meta: SettingMeta;
  readonly given: Resolution;
}

function missing({ name, meta, given }: Variable, environment: Layers['environment']): Finding {
  const isDevelopment = environment !== 'production';
  const advice = isDevelopment && meta.whenMissing !== undefined ? `; ${meta.whenMissing}` : '';
  const finding = { variable: name, problem: `is required${advice}`, example: `${name}=${meta.example}` };
  return given.kind === 'empty-file'
    ? { ...finding, problem: 'is required, but its file is empty', source: given.source }
    : finding;
}

function wrong(name: string, meta: SettingMeta, text: string, item: ValidationErrorItem): Finding {
  const refused: unknown = item.type === refusalType ? item.context?.['refusal'] : undefined;
  const { problem, suggestion } = refused instanceof Refusal ? refused : new Refusal();
  return {
    variable: name,
    problem: problem ?? `is ${meta.secret ? '' : `${quote(text)}, `}not ${meta.values}`,
    example: `${name}=${meta.example}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function mistakeOf(
  variable: Variable,
  item: ValidationErrorItem | undefined,
  environment: Layers['environment'],
): Finding | undefined {
  const { name, meta, given } = variable;
  if (given.kind === 'mistake') return given.mistake;
  if (item === undefined) return undefined;
  if (given.kind !== 'given') return missing(variable, environment);
  return { ...wrong(name, meta, given.text, item), source: given.source };
}

/** Reads the variables of a category from the layers and validates them by its Joi schema. */
export function validateSettings(
  settings: Settings,
  { environment, layers }: Layers,
  directory: string,
): Validated {
  const variables = Object.entries(settings).map(([name, schema]): Variable => {
    const meta = metaOf(schema);
    return { name, meta, given: resolveVariable(name, { layers, directory, secret: meta.secret === true }) };
  });
  const texts = variables.flatMap(({ name, given }) => (given.kind === 'given' ? [[name, given.text]] : []));
  const schema = categorySchema(settings, environment);
  const result = schema.validate(Object.fromEntries(texts), { abortEarly: false });
  const items = new Map(result.error?.details.map((item) => [String(item.path[0]), item]));
  const judged = variables.map((variable) => ({
    name: variable.name,
    mistake: mistakeOf(variable, items.get(variable.name), environment),
  }));
  // Joi's type for the value covers failure too, where the wrong variables stand in it as they were given.
  const values: Readonly<Record<string, unknown>> = result.value;
  const right = judged.filter(({ mistake }) => mistake === undefined);
  return {
    values: Object.fromEntries(right.map(({ name }) => [name, values[name]])),
    mistakes: judged.flatMap(({ mistake }) => mistake ?? []),
  };
}
