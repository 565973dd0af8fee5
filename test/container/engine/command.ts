import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** Laid over the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In milliseconds; the program is killed after that. 5 minutes if it is not given. */
  readonly timeoutMs?: number;
}

export interface CommandEnd {
  /** Null when a signal ended it, as when its time was over. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. Throws only if it cannot be started. */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandEnd> {
  const { env, cwd, timeoutMs = 300_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
    const timer = setTimeout(() => {
      written.stderr += `\nkilled after ${String(timeoutMs)} ms`;
      child.kill('SIGKILL');
      // Its children may hold the other ends.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...written });
    });
  });
}

/** Runs a program to its end and returns its standard output. Throws with what it wrote if it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(command, args, options);
  if (code === 0) return stdout;
  const words = (stderr.trim() || stdout.trim()).split('\n').slice(-15).join('\n');
  const how = code === null ? 'was killed' : `ended with ${String(code)}`;
  throw new Error(`${command} ${args[0] ?? ''} ${how}: ${words}`);
}
