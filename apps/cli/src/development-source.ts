import { type ConfigSource, processSource } from '@app/config';

/** The environment of this process, in which a datastore that no variable names is the one that `npm start` runs now. */
export async function developmentSource(): Promise<ConfigSource> {
  const source = processSource();
  if ((source.env['NODE_ENV'] || 'development') !== 'development') return source;
  const { runningDatastores } = await import('./running-datastores.js');
  return { ...source, fallback: await runningDatastores() };
}
