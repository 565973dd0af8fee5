import type { Config, ConfigCategory } from './config.js';
import type { ConfigSource } from './config-source.js';
import type { Finding } from './configuration-error.js';

/** A configuration that can work. */
export interface LoadedConfig<C extends ConfigCategory> {
  /** The categories that were asked for, deeply frozen. */
  readonly config: Pick<Config, C>;
  /** What can work but is probably not meant. */
  readonly warnings: readonly Finding[];
}

/** All categories, for processes that need or check the whole environment. */
export const configCategories = [
  'datastores',
  'app',
  'security',
  'performance',
  'health',
  'lifetime',
  'logging',
  'ingest',
] as const satisfies readonly ConfigCategory[];

/**
 * Reads and validates the variables of the categories. A variable of another category is neither required nor
 * looked at, but its name is known. Rules over several variables hold where all of them are loaded.
 * Joi is loaded with the first call.
 * @throws ConfigurationError with all mistakes at once.
 */
export async function loadConfig<C extends ConfigCategory>(
  categories: readonly C[],
  source: ConfigSource,
): Promise<LoadedConfig<C>> {
  const { load } = await import('./loading/load.js');
  return load(categories, source);
}
