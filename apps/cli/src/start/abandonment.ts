import { ancestors } from '@app/dev-services';

/**
 * Tells whether npm, under which this program was started, or the shell between them has ended: npm cannot pass on
 * its own SIGKILL, and a shell passes nothing on. Without npm it never says so, as a program may outlive its shell.
 */
export function abandonmentWatch(env: Readonly<Record<string, string | undefined>>): () => boolean {
  if (env['npm_lifecycle_event'] === undefined) return () => false;
  const family = ancestors().join();
  return () => ancestors().join() !== family;
}
