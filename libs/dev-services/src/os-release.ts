import { readFile } from 'node:fs/promises';

/** What /etc/os-release says about the distribution; empty on systems that have none. */
export function osRelease(): Promise<string> {
  return readFile('/etc/os-release', 'utf8').catch(() => '');
}
