import { type Config, type ConfigSource, type LoadedConfig, loadConfig } from '@app/config';

const categories = ['datastores', 'lifetime', 'logging'] as const;

export type InitConfig = Pick<Config, (typeof categories)[number]>;

/**
 * Loads what db-init needs of the environment. Redis it does not need, so that an init container can do without
 * REDIS_URL; the category knows only "all three", so a URL that nobody uses stands in for it.
 *
 * Throws a ConfigurationError with all mistakes at once.
 */
export function loadInitConfig(source: ConfigSource): Promise<LoadedConfig<(typeof categories)[number]>> {
  const env = { ...source.env, REDIS_URL: 'redis://unused.invalid', REDIS_URL_FILE: undefined };
  return loadConfig(categories, { ...source, env });
}
