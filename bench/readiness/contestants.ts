import { join } from 'node:path';
import { waitFor } from '../../libs/testing/src/wait-for.ts';
import { run } from '../../test/container/engine/command.ts';
import { root } from '../../test/container/engine/folders.ts';
import { type Datastores, startDatastores } from '../datastores.ts';
import type { Contestant } from '../load.ts';
import { layProduction } from '../production.ts';
import { type Program, startProgram } from '../program.ts';

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
  await run(join(root, 'node_modules/.bin/tsc'), ['--project', join(root, 'bench/readiness/peers')]);
  await using stack = new AsyncDisposableStack();
  const datastores = stack.use(await startDatastores());
  const production = stack.use(await layProduction(datastores));
  const contestant = async (name: string, starting: Promise<Program>): Promise<Contestant> => {
    const program = stack.use(await starting);
    return { name, program, url: `${program.url}${path}` };
  };
  const contestants = {
    own: await contestant('this program', production.start(1, { WORKER_PROCESSES: '1' })),
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

function startPeer(file: string, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const args = [join(root, 'dist/bench/readiness', file)];
  return startProgram({ command: process.execPath, args, env, listening: /^listening on (\S+)/ });
}
