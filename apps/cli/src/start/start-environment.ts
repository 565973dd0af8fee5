import {
  configCategories,
  ConfigurationError,
  loadConfig,
  readListenAddresses,
  type ConfigSource,
  type ListenAddresses,
} from '@app/config';
import { freePort } from '@app/dev-services';
import type { DatastoreName } from '@app/errors';

const variables: ReadonlyMap<string, DatastoreName> = new Map([
  ['DATABASE_URL', 'postgres'],
  ['REDIS_URL', 'redis'],
  ['INFLUXDB_URL', 'influxdb'],
]);

/**
 * The datastores whose URL no source sets. Throws a ConfigurationError with all else that is wrong in the
 * environment, so that it is known before anything is started.
 */
export async function missingDatastores(source: ConfigSource): Promise<DatastoreName[]> {
  try {
    await loadConfig(configCategories, source);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // A finding about a variable that is not set anywhere has no source.
    const isMissing = ({ variable, source: place }: (typeof error.mistakes)[number]) =>
      variables.has(variable) && place === undefined;
    const others = error.mistakes.filter((mistake) => !isMissing(mistake));
    if (others.length > 0) throw new ConfigurationError(others, error.warnings);
    return error.mistakes.flatMap(({ variable }) => variables.get(variable) ?? []);
  }
}

/** Where the backend is to listen. Port 0 is made a definite one, since it has to be told. */
export async function listenAddresses(source: ConfigSource): Promise<ListenAddresses> {
  const addresses = readListenAddresses(source);
  return {
    ...addresses,
    port: addresses.port || (await freePort()),
    managementPort: addresses.managementPort || (await freePort()),
  };
}
