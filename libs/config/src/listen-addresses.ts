import type { ConfigSource } from './config-source.js';
import { ConfigurationError } from './configuration-error.js';
import { parseInteger } from './integer.js';
import { listenDefaults } from './listen-defaults.js';
import { readLayers } from './loading/layers.js';
import { resolveVariable } from './loading/resolve-variable.js';

/** Where the servers of this environment listen. */
export interface ListenAddresses {
  readonly host: string;
  readonly port: number;
  readonly managementHost: string;
  readonly managementPort: number;
}

/**
 * Reads where the servers listen by the same layers and defaults as `loadConfig`, but without its schemas, for a
 * probe that must be quick. Every other variable may be missing or wrong.
 * @throws ConfigurationError where a port is not a whole number from 0 to 65535, or a file cannot be read.
 */
export function readListenAddresses(source: ConfigSource): ListenAddresses {
  const { environment, layers } = readLayers(source);
  const defaults = listenDefaults[environment === 'production' ? 'production' : 'development'];
  const read = (name: keyof typeof defaults): string => {
    const found = resolveVariable(name, { layers, directory: source.directory, secret: false });
    if (found.kind === 'mistake') throw new ConfigurationError([found.mistake], []);
    return found.kind === 'given' ? found.text : defaults[name];
  };
  const readPort = (name: 'PORT' | 'MANAGEMENT_PORT'): number => {
    const port = parseInteger(read(name));
    if (port !== undefined && port <= 65535) return port;
    throw new ConfigurationError([{ variable: name, problem: 'is not a whole number from 0 to 65535' }], []);
  };
  return {
    host: read('HOST'),
    port: readPort('PORT'),
    managementHost: read('MANAGEMENT_HOST'),
    managementPort: readPort('MANAGEMENT_PORT'),
  };
}
