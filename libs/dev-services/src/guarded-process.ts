import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Guardian, StopOrder } from './guardian.js';
import type { ServerUser } from './server-user.js';

export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly user?: ServerUser | undefined;
  /** Takes standard output and standard error: a file descriptor, or this process's own streams. */
  readonly output: number | 'inherit';
  readonly stop: Omit<StopOrder, 'pid'>;
}

// It becomes the command only when it reads a line: if the starter dies before the guardian knows of the
// process, the pipe ends and so does the process.
const gate = 'read -r go && exec "$@" </dev/null';

/**
 * Starts a process in a session of its own, out of the terminal's reach, that ends with this process whatever
 * happens to it. Throws if it cannot be started or the guardian has ended.
 */
export async function spawnGuarded(guardian: Guardian, command: GuardedCommand): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', gate, 'sh', command.command, ...command.args], {
    cwd: command.cwd,
    detached: true,
    env: { ...command.env },
    stdio: ['pipe', command.output, command.output],
    ...command.user,
  });
  await once(child, 'spawn');
  const { pid, stdin } = child;
  if (pid === undefined || stdin === null) throw new Error(`${command.command} did not start`);
  child.once('exit', () => guardian.forget(pid));
  // If it has ended by now, its exit tells.
  stdin.on('error', () => undefined);
  try {
    await guardian.guard({ pid, ...command.stop });
    stdin.write('go\n');
  } finally {
    stdin.end();
  }
  return child;
}
