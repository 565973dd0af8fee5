import { once } from 'node:events';
import { constants } from 'node:os';
import type { DevServices, GuardedCommand } from '@app/dev-services';
import { exitCodes } from '@app/errors';
import type { ShutdownRequest } from './shutdown-request.js';

/**
 * Runs a program to its end and returns its exit code. It is told once when all is to end, and again at a
 * repeated signal.
 */
export async function runProgram(
  services: DevServices,
  command: GuardedCommand,
  shutdown: ShutdownRequest,
): Promise<number> {
  const child = await services.spawn(command);
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const tell = () => void child.kill('SIGTERM');
  if (shutdown.signal.aborted) tell();
  shutdown.signal.addEventListener('abort', tell, { once: true });
  shutdown.onRepeat(tell);
  const [code, signal] = await ended;
  shutdown.signal.removeEventListener('abort', tell);
  if (code !== null) return code;
  // The signal came before the program could listen to it: there was nothing to drain.
  if (signal === 'SIGTERM' && shutdown.signal.aborted) return exitCodes.ok;
  return 128 + constants.signals[signal ?? 'SIGTERM'];
}
