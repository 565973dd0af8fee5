import type { KubernetesObject } from './kubernetes-object.ts';
import { nameOf } from './kubernetes-object.ts';

/** One mistake in one object, by the JSON Pointer of the field (an empty one is the whole object). */
export interface PlantedFault {
  /** As `Deployment/backend`; a ConfigMap without the hash that its name ends with. */
  readonly object: string;
  readonly path: string;
  /** Undefined takes the field out. */
  readonly value: unknown;
}

type Node = Record<string, unknown>;

/** The objects with the mistake in them; those that are given stay as they are. Throws if there is no such place. */
export function plant(
  objects: readonly KubernetesObject[],
  { object, path, value }: PlantedFault,
): KubernetesObject[] {
  const copies = structuredClone(objects) as KubernetesObject[];
  const target = copies.find((one) => nameOf(one).replace(/-[0-9a-z]{10}$/, '') === object);
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  const parent = keys.reduce<Node | undefined>(
    (node, key) => node?.[key] as Node | undefined,
    target as Node | undefined,
  );
  if (last === undefined) return copies.map((one) => (one === target ? (value as KubernetesObject) : one));
  if (parent === undefined) throw new Error(`${object} has no place ${path}.`);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copies;
}
