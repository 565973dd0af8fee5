import { readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../libs/testing/src/temporary-folder.ts';
import { bundle } from '../scripts/bundle.ts';
import { run } from '../test/container/engine/command.ts';
import { root } from '../test/container/engine/folders.ts';
import type { Datastores } from './datastores.ts';
import { environment, type Program, startProgram } from './program.ts';

type Settings = Readonly<Record<string, string>>;

/** The production build, laid where no node_modules is above it; for `await using`, which removes it. */
export interface Production extends AsyncDisposable {
  /** The backend's file. */
  readonly backend: string;
  /** The flags that the backend's own first line has Node start it with. */
  readonly flags: readonly string[];
  /** Starts the backend on a free port, with production's settings and these; resolves once so many processes serve. */
  start(processes: number, settings: Settings): Promise<Program>;
  /** The same with a script of Node, given with its arguments, that runs the backend. */
  startWithin(processes: number, settings: Settings, script: readonly string[]): Promise<Program>;
  /** Runs a command of the operator, as `token`, and returns what it writes. */
  operate(command: string, args: readonly string[]): Promise<string>;
}

const listening = /"api":"([^"]+)"/;
const serving = /"to":"serving"/;

/** Builds what has changed, and runs the init job. */
export async function layProduction({ env: datastores }: Pick<Datastores, 'env'>): Promise<Production> {
  await bundle();
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder()).path;
  await cp(join(root, 'dist/production'), folder, { recursive: true, verbatimSymlinks: true });
  const env = {
    ...environment,
    ...datastores,
    SECRET_KEY: 'a-key-for-benches-0123456789-abcdefghij',
    HOST: '127.0.0.1',
    PORT: '0',
    MANAGEMENT_HOST: '127.0.0.1',
    MANAGEMENT_PORT: '0',
    INIT_STATUS_FILE: join(folder, 'status.json'),
    LOG_DIR: 'off',
    LOG_FILE: 'off',
  };
  await run(join(folder, 'bin/db-init'), [], { env });
  const backend = join(folder, 'backend.js');
  const flags = flagsOf(backend);
  const start = (
    processes: number,
    settings: Settings,
    [command, ...args]: readonly [string, ...string[]],
  ): Promise<Program> => {
    const started = { line: serving, times: processes };
    return startProgram({ command, args, env: { ...env, ...settings }, listening, started });
  };
  const laid = stack.move();
  return {
    backend,
    flags,
    start: (processes, settings) => start(processes, settings, [join(folder, 'bin/backend')]),
    startWithin: (processes, settings, script) =>
      start(processes, settings, [process.execPath, ...flags, ...script]),
    operate: async (command, args) => (await run(join(folder, 'bin', command), args, { env })).trim(),
    [Symbol.asyncDispose]: () => laid.disposeAsync(),
  };
}

function flagsOf(script: string): string[] {
  const [firstLine = ''] = readFileSync(script, 'utf8').split('\n', 1);
  const [, flags] = /^#!.* node((?: -\S+)*)$/.exec(firstLine) ?? [];
  if (flags === undefined) throw new Error(`${script} does not begin with the flags that Node is to have.`);
  return flags.split(' ').filter(Boolean);
}
