import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from './wait-for.js';

export interface ProcessOptions {
  /** Added to the environment of the test; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** In a session of its own, as a terminal would start it: `kill` then reaches the whole group. */
  readonly detached?: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real process under test; for `await using`, which kills it if it still runs. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves once it has ended and all that it wrote has been read. */
  readonly exited: Promise<ProcessEnd>;
  /** Resolves with the match as soon as the text of either stream matches; throws if it ends before. */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  kill(signal?: NodeJS.Signals): void;
}

/** Starts a program without a shell. Throws if it cannot be started. */
export async function runProcess(
  command: string,
  args: readonly string[] = [],
  options: ProcessOptions = {},
): Promise<RunningProcess> {
  const detached = options.detached ?? false;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let end: ProcessEnd | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => resolve((end = { code, signal })));
  });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;

  const kill = (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) process.kill(detached ? -pid : pid, signal);
  };
  const written = () => `\n--- stdout\n${stdout}\n--- stderr\n${stderr}`;
  return {
    pid,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    exited,
    kill,
    async waitForOutput(pattern, timeoutMs = 20_000) {
      const found = () => pattern.exec(stdout) ?? pattern.exec(stderr);
      const match = await waitFor(() => found() ?? end, { timeoutMs, message: `output ${pattern}` }).catch(
        (error: unknown) => {
          throw new Error(`${command} did not write ${pattern} in ${timeoutMs} ms${written()}`, {
            cause: error,
          });
        },
      );
      if ('code' in match) throw new Error(`${command} ended (${match.code ?? match.signal})${written()}`);
      return match;
    },
    async [Symbol.asyncDispose]() {
      kill('SIGKILL');
      await ended;
      // Its children may hold the other ends.
      child.stdout.destroy();
      child.stderr.destroy();
      await exited;
    },
  };
}
