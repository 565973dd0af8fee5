import { spawn } from 'node:child_process';
import type { ServerUser } from './server-user.js';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: ServerUser | undefined;
  readonly stdin?: string;
  /** Ends the program. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end and returns what it wrote on standard output. Throws with its output if it fails. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { env, user, stdin, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: '/',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', ...env },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
      ...user,
    });
    let stdout = '';
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${args[0] ?? ''} ended with ${code ?? signal}: ${output.trim()}`));
    });
    child.stdin?.once('error', reject).end(stdin);
  });
}
