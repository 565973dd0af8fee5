import type { PerformanceConfig } from './config.js';
import type { ConfigSource } from './config-source.js';
import { parseInteger } from './integer.js';
import { readLayers } from './loading/layers.js';
import { resolveVariable } from './loading/resolve-variable.js';
import { workerDefaults } from './worker-defaults.js';

/** What must be known before the process that validates the environment can be started. */
export type WorkerSettings = Pick<PerformanceConfig, 'workerProcesses' | 'memoryHeadroomPercent'>;

/**
 * Reads how many workers to start by the same layers and defaults as `loadConfig`, but without its schemas: a
 * supervisor is to be small. Throws for nothing: a wrong value counts as not given, since the first worker reads it
 * again, names the mistake and ends.
 */
export function readWorkerSettings(source: ConfigSource): WorkerSettings {
  const { environment, layers } = readLayers(source);
  const defaults = workerDefaults[environment === 'production' ? 'production' : 'development'];
  const read = <T>(name: keyof typeof defaults, parse: (text: string) => T | undefined): T | undefined => {
    const found = resolveVariable(name, { layers, directory: source.directory, secret: false });
    return (found.kind === 'given' ? parse(found.text) : undefined) ?? parse(defaults[name]);
  };
  return {
    workerProcesses:
      read('WORKER_PROCESSES', (text) => (text === 'auto' ? text : within(text, 1, 64))) ?? 'auto',
    memoryHeadroomPercent: read('MEMORY_HEADROOM_PERCENT', (text) => within(text, 5, 75)) ?? 25,
  };
}

function within(text: string, min: number, max: number): number | undefined {
  const number = parseInteger(text);
  return number !== undefined && number >= min && number <= max ? number : undefined;
}
