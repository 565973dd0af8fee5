import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerUser } from './server-user.js';

/** Writes `server.crt` and `server.key` into the folder, fit for a server that runs as that user. */
export async function writeTlsFiles(
  folder: string,
  tls: { readonly key: string; readonly cert: string },
  user?: ServerUser,
): Promise<void> {
  for (const [name, text] of [
    ['server.crt', tls.cert],
    ['server.key', tls.key],
  ] as const) {
    const path = join(folder, name);
    await rm(path, { force: true });
    await writeFile(path, text, { mode: 0o600 });
    if (user !== undefined) await chown(path, user.uid, user.gid);
  }
}
