import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

export interface ProgramOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Finds in a line of its output the address on which it listens. */
  readonly listening: RegExp;
}

/** A server that is measured; for `await using`, which kills it. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** As `http://127.0.0.1:40123`. */
  readonly url: string;
}

/** All that a program has of this process's environment: no variable of the shell changes what is measured. */
export const environment = {
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  NODE_ENV: 'production',
};

/** Starts a program that ends with this process; resolves once it listens. Throws with what it wrote if it ends. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { command, args = [], env, listening } = options;
  const child = spawn(command, args, {
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  await once(child, 'spawn');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const address = Promise.withResolvers<string>();
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      const found = listening.exec(line)?.[1];
      if (found !== undefined) address.resolve(found);
      // What it writes while it is measured is read, and not kept.
      if (written.length < 10_000) written += `${line}\n`;
    });
  }
  void ended.then(() => address.reject(new Error(`${command} ${args.join(' ')} has ended:\n${written}`)));
  return {
    pid: child.pid ?? 0,
    url: await address.promise,
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', kill);
      kill();
      await ended;
    },
  };
}
