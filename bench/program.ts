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
  /** A line that it writes so many times until all of it has started; without one, it has once it listens. */
  readonly started?: { readonly line: RegExp; readonly times: number };
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

/** Starts a program that ends with this process; resolves once it has started. Throws with what it wrote if it ends. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { command, args = [], env, listening, started } = options;
  const child = spawn(command, args, {
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  await once(child, 'spawn');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const address = Promise.withResolvers<string>();
  const awaited = Promise.withResolvers<void>();
  let missing = started?.times ?? 0;
  if (missing === 0) awaited.resolve();
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      const found = listening.exec(line)?.[1];
      if (found !== undefined) address.resolve(found);
      if (started?.line.test(line) === true && (missing -= 1) === 0) awaited.resolve();
      // What it writes while it is measured is read, and not kept.
      if (written.length < 10_000) written += `${line}\n`;
    });
  }
  const failed = ended.then(() => {
    throw new Error(`${command} ${args.join(' ')} has ended:\n${written}`);
  });
  // Its end is only an error while it is waited for.
  failed.catch(() => undefined);
  const [url] = await Promise.race([Promise.all([address.promise, awaited.promise]), failed]);
  return {
    pid: child.pid ?? 0,
    url,
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', kill);
      kill();
      await ended;
    },
  };
}
