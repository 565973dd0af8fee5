import type { IConfigMap } from 'kubernetes-models/v1';
import { ConfigMap } from 'kubernetes-models/v1';
import { configCategories, loadConfig, type LoadedConfig } from '@app/config';
import { workloadsOf } from './policies/workloads.ts';
import { type KubernetesObject, ofKind } from './kubernetes-object.ts';

/** Stands for the content of the Secret that a user makes. */
export const secretValues: Readonly<Record<string, string>> = {
  SECRET_KEY: 'a-key-for-tests-0123456789-abcdefghij',
  DATABASE_URL: 'postgres://trading:PASSWORD@postgres:5432/trading',
  REDIS_URL: 'redis://redis:6379/0',
  INFLUXDB_URL: 'http://influxdb:8086',
};

/** The variables whose values are secret or may hold a password. */
export const secretVariables: readonly string[] = [
  ...Object.keys(secretValues),
  'SECRET_KEY_PREVIOUS',
  'INFLUXDB_TOKEN',
  'INFLUXDB_PASSWORD',
];

/** The keys that the backend's Secret must have. */
export const secretKeys: readonly string[] = Object.keys(secretValues);

/** The environment of a container, by its ConfigMaps and its own list. Throws if it lacks one. */
export function environmentOf(
  objects: readonly KubernetesObject[],
  workload: string,
  container: string,
): Record<string, string> {
  const found = workloadsOf(objects)
    .find(({ name }) => name === workload)
    ?.allContainers.find(({ name }) => name === container);
  const maps = new Map(
    ofKind(objects, ConfigMap.is).map((map): [string, IConfigMap] => [map.metadata?.name ?? '', map]),
  );
  const taken = (found?.envFrom ?? []).map(({ configMapRef }) => {
    const map = maps.get(configMapRef?.name ?? '');
    if (map === undefined) throw new Error(`There is no ConfigMap ${configMapRef?.name ?? ''}.`);
    return map.data ?? {};
  });
  const own = Object.fromEntries((found?.env ?? []).map(({ name, value = '' }) => [name, value]));
  return Object.assign({}, ...taken, own) as Record<string, string>;
}

/** What the backend makes of its environment in the pod. Throws a ConfigurationError with all mistakes. */
export function configOf(
  objects: readonly KubernetesObject[],
): Promise<LoadedConfig<(typeof configCategories)[number]>> {
  const given = environmentOf(objects, 'backend', 'backend');
  // The files of the Secret are not here: their values take their place.
  const env = Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const variable = name.replace(/_FILE$/, '');
      const secret = name === variable ? undefined : secretValues[variable];
      return secret === undefined ? [name, value] : [variable, secret];
    }),
  );
  return loadConfig(configCategories, { env, directory: '/nonexistent' });
}
