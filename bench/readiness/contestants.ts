import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../libs/testing/src/temporary-folder.ts';
import { waitFor } from '../../libs/testing/src/wait-for.ts';
import { bundle } from '../../scripts/bundle.ts';
import { run } from '../../test/container/engine/command.ts';
import { root } from '../../test/container/engine/folders.ts';
import { type Datastores, startDatastores } from '../datastores.ts';
import type { Contestant } from '../load.ts';
import { environment, type Program, startProgram } from '../program.ts';

const path = '/api/v1/health/readiness';

/** Programs that all serve, and the datastores behind them; for `await using`. */
export interface Contest extends AsyncDisposable {
  readonly datastores: Datastores;
  readonly own: Contestant;
  /** Answers a fixed text. */
  readonly fastify: Contestant;
  /** The same with the headers that this program sends besides. */
  readonly secured: Contestant;
  /** Asks the datastores for each probe. */
  readonly terminus: Contestant;
  /** The same with `.cacheFor(1000)` on each indicator. */
  readonly cached: Contestant;
}

/** Builds what has changed and starts everything; resolves once all are ready. */
export async function startContest(): Promise<Contest> {
  await bundle();
  await run(join(root, 'node_modules/.bin/tsc'), ['--project', join(root, 'bench/readiness/peers')]);
  await using stack = new AsyncDisposableStack();
  const datastores = stack.use(await startDatastores());
  const folder = stack.use(await temporaryFolder()).path;
  const contestant = async (name: string, starting: Promise<Program>): Promise<Contestant> => {
    const program = stack.use(await starting);
    return { name, program, url: `${program.url}${path}` };
  };
  const contestants = {
    own: await contestant('this program', startOwn(datastores, folder)),
    fastify: await contestant('raw Fastify', startPeer('fastify.js')),
    secured: await contestant(
      'raw Fastify, same headers',
      startPeer('fastify.js', { SECURITY_HEADERS: 'on' }),
    ),
    terminus: await contestant('Terminus', startPeer('terminus/main.js', datastores.env)),
    cached: await contestant(
      'Terminus, cacheFor(1000)',
      startPeer('terminus/main.js', { ...datastores.env, HEALTH_CACHE_MS: '1000' }),
    ),
  };
  for (const { name, url } of Object.values(contestants)) {
    const answersOk = async (): Promise<boolean> =>
      (await (await fetch(url)).text()).includes('"status":"ok"');
    await waitFor(answersOk, { timeoutMs: 20_000, message: `${name} to be ready` });
  }
  const started = stack.move();
  return { datastores, ...contestants, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** The production build with production's settings, after its init job, where no node_modules is above it. */
async function startOwn({ env: datastores }: Datastores, folder: string): Promise<Program> {
  await cp(join(root, 'dist/production'), folder, { recursive: true, verbatimSymlinks: true });
  const env = {
    ...environment,
    ...datastores,
    SECRET_KEY: 'a-key-for-benches-0123456789-abcdefghij',
    HOST: '127.0.0.1',
    PORT: '0',
    MANAGEMENT_HOST: '127.0.0.1',
    MANAGEMENT_PORT: '0',
    WORKER_PROCESSES: '1',
    INIT_STATUS_FILE: join(folder, 'status.json'),
    LOG_DIR: 'off',
    LOG_FILE: 'off',
  };
  await run(join(folder, 'bin/db-init'), [], { env });
  return startProgram({ command: join(folder, 'bin/backend'), env, listening: /"api":"([^"]+)"/ });
}

function startPeer(file: string, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const args = [join(root, 'dist/bench/readiness', file)];
  return startProgram({ command: process.execPath, args, env, listening: /^listening on (\S+)/ });
}
