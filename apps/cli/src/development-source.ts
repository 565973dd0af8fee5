import { type ConfigSource, processSource } from '@app/config';
import { runningUrls } from '@app/dev-services';

/** The environment of this process, in which a datastore that no variable names is the one that `npm start` runs now. */
export async function developmentSource(): Promise<ConfigSource> {
  return { ...processSource(), fallback: await runningUrls() };
}
