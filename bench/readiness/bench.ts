import { inTurns, type LoadPlan } from '../load.ts';
import { findWrk, type Wrk } from '../wrk.ts';
import { type Contest, startContest } from './contestants.ts';
import { hang } from './hang.ts';
import { RedisChecks } from './redis-checks.ts';
import { hangTable, hungLoadTable, loadTable, ratios } from './report.ts';

const connections = 50;
const well = { connections, seconds: 1, runs: 15, warmUps: 3 };
/** Long enough for some answers that wait for PostgreSQL until their timeout of a second. */
const hanging = { connections, seconds: 4, runs: 3, warmUps: 0 };
const goal = 'goal: at least 0.9, 1, 10 and 1.5';

/** Compares readiness with raw Fastify and with Terminus, while all datastores work and while PostgreSQL hangs. */
export async function run(): Promise<void> {
  const wrk = await findWrk();
  if ('unavailable' in wrk) {
    console.log(`readiness: not measured. ${wrk.unavailable}`);
    return;
  }
  await using contest = await startContest();
  console.log(`readiness: ${String(connections)} connections, medians of alternating runs`);
  await whileAllWork(wrk, contest);
  await whilePostgresHangs(wrk, contest);
}

async function whileAllWork(wrk: Wrk, contest: Contest): Promise<void> {
  using checks = new RedisChecks(contest.datastores.redis.url);
  const { own, fastify, secured, terminus, cached } = contest;
  const plan = { ...well, counter: () => checks.count() };
  const results = await inTurns(wrk, [own, fastify, secured, terminus, cached], plan);
  const red = results.filter(({ runs }) => runs.some(({ refused }) => refused > 0));
  if (red.length > 0)
    throw new Error(`Not always ready with all datastores well: ${red.map(({ name }) => name).join(', ')}.`);
  console.log(`  all datastores well, ${turns(well)}:`);
  console.log(loadTable(results));
  const [first, ...others] = results;
  if (first !== undefined) console.log(`  ${ratios(first, others)} (${goal})`);
}

async function whilePostgresHangs(wrk: Wrk, { own, terminus, cached, datastores }: Contest): Promise<void> {
  const contestants = [own, terminus, cached];
  const { postgres } = datastores;
  try {
    // Its processes stand still: connections stay open and new ones are accepted, and none gets an answer.
    const probed = await hang(contestants, () => postgres.signal('SIGSTOP'));
    console.log('  PostgreSQL hangs, 5 probes per second to each:');
    console.log(hangTable(probed));
    console.log(`  PostgreSQL hangs, ${turns(hanging)}:`);
    console.log(hungLoadTable(await inTurns(wrk, contestants, hanging)));
  } finally {
    postgres.signal('SIGCONT');
  }
}

const turns = ({ runs, seconds }: LoadPlan): string => `${String(runs)} runs of ${String(seconds)} s`;
