import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandEnd, runToEnd } from './engine/command.ts';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';
import { copyOfCheckout } from './stack-checkout.ts';
import { type Inspected, inspected } from './stack-inspect.ts';

type Variables = Readonly<Record<string, string>>;

/** A checkout of its own whose stack is under test; for `await using`, which takes it down with all that it has. */
export interface Stack extends AsyncDisposable {
  readonly project: string;
  /** The folder of the checkout. */
  readonly folder: string;
  /** The image that it builds and runs. */
  readonly image: string;
  /** Runs `scripts/stack.ts`, as `npm run stack:…` does, whatever its exit code. */
  script(...args: string[]): Promise<CommandEnd>;
  /** As `script`, with variables laid over its environment. */
  scriptWith(env: Variables, ...args: string[]): Promise<CommandEnd>;
  /** As `script`, but throws with what it wrote unless it ends with 0. */
  must(...args: string[]): Promise<CommandEnd>;
  /** Runs `docker compose` in `docker/` without naming a file, as the guide's operators do. */
  compose(...args: string[]): Promise<CommandEnd>;
  /** As `compose`, with variables laid over its environment. */
  composeWith(env: Variables, ...args: string[]): Promise<CommandEnd>;
  /** Runs a line as it is typed in `docker/`, by bash. */
  typed(line: string): Promise<CommandEnd>;
  /** Runs a command in the container of a service and returns what it writes. Throws unless it ends with 0. */
  inside(service: string, ...command: string[]): Promise<string>;
  container(service: string): string;
  inspect(service: string): Promise<Inspected>;
  /** The published address of the API, as `http://127.0.0.1:40123/api/v1`. */
  api(): Promise<string>;
}

/**
 * Copies the checkout and gives it what a machine of its own would have.
 * @param override Content of `docker/compose.override.yaml` besides a free port.
 */
export async function openStack(
  engine: EngineAccess,
  override: Readonly<Record<string, unknown>> = {},
): Promise<Stack> {
  const checkout = await copyOfCheckout();
  const folder = checkout.path;
  const project = `stack-${randomUUID().slice(0, 8)}`;
  const image = `${project}:test`;
  const env = { ...engine.env, ...engine.images, COMPOSE_PROJECT_NAME: project, BACKEND_IMAGE: image };
  const scriptWith = (variables: Variables, ...args: string[]) =>
    runToEnd(process.execPath, ['scripts/stack.ts', ...args], { cwd: folder, env: { ...env, ...variables } });
  const composeWith = (variables: Variables, ...args: string[]) =>
    runToEnd('docker', ['compose', ...args], { cwd: join(folder, 'docker'), env: { ...env, ...variables } });
  const script = (...args: string[]) => scriptWith({}, ...args);
  const compose = (...args: string[]) => composeWith({}, ...args);
  const container = (service: string) => `${project}-${service}-1`;
  await writeFile(join(folder, 'docker/compose.override.yaml'), overrideFile(override));

  return {
    project,
    folder,
    image,
    script,
    scriptWith,
    compose,
    composeWith,
    container,
    typed: (line) => runToEnd('bash', ['-c', line], { cwd: join(folder, 'docker'), env }),
    async must(...args) {
      const end = await script(...args);
      if (end.code !== 0) throw new Error(`stack ${args.join(' ')}:\n${end.stdout}\n${end.stderr}`);
      return end;
    },
    inside: (service, ...command) => mustDocker(engine, ['exec', container(service), ...command]),
    inspect: (service) => inspected(engine, container(service)),
    async api() {
      const { stdout } = await compose('port', 'backend', '8000');
      return `http://${engine.host}:${/:(\d+)$/.exec(stdout.trim())?.[1] ?? ''}/api/v1`;
    },
    async [Symbol.asyncDispose]() {
      await script('down', '--volumes', '--timeout', '0');
      await mustDocker(engine, ['image', 'rm', '--force', image]);
      await checkout[Symbol.asyncDispose]();
      const left = await leftovers(engine, project);
      if (left.length > 0) throw new Error(`The stack left behind: ${left.join(', ')}`);
    },
  };
}

/** JSON is YAML, but for the tag that takes the place of port 8000, which only one stack of a machine can have. */
function overrideFile({ backend = {}, ...rest }: Readonly<Record<string, unknown>>): string {
  const services = JSON.stringify({ ...rest, backend: { ...Object(backend), ports: 'PORTS' } });
  return `services: ${services.replace('"PORTS"', '!override ["8000"]')}\n`;
}

/** What the engine has of a project: containers, networks and volumes. */
export async function leftovers(engine: EngineAccess, project: string): Promise<readonly string[]> {
  const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${project}`];
  const lists = await Promise.all(
    [
      ['ps', '--all'],
      ['network', 'ls'],
      ['volume', 'ls'],
    ].map((command) => mustDocker(engine, [...command, ...filter])),
  );
  return lists.flatMap((list) => list.split('\n')).filter((name) => name !== '');
}
