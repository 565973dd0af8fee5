import { type CommandEnd, runToEnd } from './command.ts';
import type { EngineAccess } from './engine.ts';

const limitMs = 120_000;

export interface DockerOptions {
  /** Laid over the environment that leads to the engine. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** 2 minutes if it is not given. */
  readonly timeoutMs?: number;
}

/** Runs `docker` against the engine, whatever its exit code. */
export function docker(
  engine: EngineAccess,
  args: readonly string[],
  options: DockerOptions = {},
): Promise<CommandEnd> {
  const env = { ...engine.env, ...engine.images, ...options.env };
  return runToEnd('docker', args, { timeoutMs: limitMs, ...options, env });
}

/** As `docker`, but throws with what it wrote unless it ends with 0. Returns its standard output without the last newline. */
export async function mustDocker(
  engine: EngineAccess,
  args: readonly string[],
  options: DockerOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await docker(engine, args, options);
  if (code !== 0)
    throw new Error(`docker ${args.join(' ')} ended with ${String(code)}:\n${stdout}\n${stderr}`);
  return stdout.trimEnd();
}

/** A Compose project under test; for `await using`, which takes it down with its volumes. */
export interface ComposeProject extends AsyncDisposable {
  readonly name: string;
  /** Runs a subcommand, as `up`, whatever its exit code. */
  run(...args: string[]): Promise<CommandEnd>;
  /** As `run`, but throws with what it wrote unless it ends with 0; returns its standard output. */
  must(...args: string[]): Promise<string>;
}

/** @param files The Compose files, the later ones over the earlier ones; the first one's folder is the project's. */
export function compose(
  engine: EngineAccess,
  name: string,
  files: readonly string[],
  options: DockerOptions = {},
): ComposeProject {
  const common = ['compose', '--project-name', name, ...files.flatMap((file) => ['--file', file])];
  return {
    name,
    run: (...args) => docker(engine, [...common, ...args], options),
    must: (...args) => mustDocker(engine, [...common, ...args], options),
    async [Symbol.asyncDispose]() {
      // By its name alone: a file that Compose refuses must not keep it.
      const down = ['down', '--volumes', '--remove-orphans', '--timeout', '0'];
      await mustDocker(engine, ['compose', '--project-name', name, ...down], options);
    },
  };
}
