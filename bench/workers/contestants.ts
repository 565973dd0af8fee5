import { type Datastores, startDatastores } from '../datastores.ts';
import { buildPeers, peer } from '../peers/build.ts';
import { layProduction } from '../production.ts';
import type { Program } from '../program.ts';
import { type Route, prepareRoutes } from './routes.ts';

export interface Form {
  readonly name: string;
  readonly program: Program;
}

/** The same program in three forms, all of them serving; for `await using`. */
export interface Contest extends AsyncDisposable {
  readonly one: Form;
  /** Under the supervisor. */
  readonly two: Form;
  /** As node:cluster would have them: its primary accepts and hands over round robin. */
  readonly plain: Form;
  readonly datastores: Datastores;
  readonly routes: Readonly<Record<'liveness' | 'trades', Route>>;
}

/** One client sends all of the load. */
const settings = (workers: number): Record<string, string> => ({
  WORKER_PROCESSES: String(workers),
  RATE_LIMIT: '0',
});

/** Builds what has changed and starts everything. */
export async function startContest(): Promise<Contest> {
  await using stack = new AsyncDisposableStack();
  const datastores = stack.use(await startDatastores());
  const production = stack.use(await layProduction(datastores));
  await buildPeers();
  const form = async (name: string, starting: Promise<Program>): Promise<Form> => ({
    name,
    program: stack.use(await starting),
  });
  const primary = [peer('primary'), '2', production.backend];
  const forms = {
    one: await form('one process', production.start(1, settings(1))),
    two: await form('two workers', production.start(2, settings(2))),
    plain: await form('two, plain node:cluster', production.startWithin(2, settings(1), primary)),
  };
  const token = await production.operate('token', ['--scope', 'write']);
  const routes = await prepareRoutes(forms.one.program.url, token);
  const started = stack.move();
  return { ...forms, datastores, routes, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
