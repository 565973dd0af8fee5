import { type ExposedFamily, waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { documentedMetrics, exposedMetrics } from '../../support/documented-metrics.js';
import { logOf } from '../../support/log.js';
import { promtoolFindings, scrape, type Scrape } from '../../support/metrics.js';
import { runApp } from '../../support/programs.js';
import { servingWorkers } from '../../support/workers.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend({ ...datastores.env, WORKER_PROCESSES: '2' });
  await servingWorkers(backend, 2);
});
afterEach(() => backend[Symbol.asyncDispose]());

/** Sends business requests, each on a connection of its own, so that the workers take turns. */
async function ask(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await backend.get('/instruments', { connection: 'close' });
}

const samplesOf = ({ families }: Scrape, wanted: (family: ExposedFamily) => boolean) =>
  families.filter(wanted).flatMap(({ samples }) => samples);

/** Business requests, of all workers. */
const requestsOf = (seen: Scrape): number =>
  samplesOf(seen, ({ name }) => /^app_requests_(admitted|refused)_total$/.test(name))
    .map(({ value }) => value)
    .reduce((sum, value) => sum + value, 0);

/** Counters and histograms of one scrape that are less in a later one. */
function fallen(before: Scrape, after: Scrape): readonly string[] {
  const lasting = (seen: Scrape): Map<string, number> =>
    new Map(
      samplesOf(seen, ({ type }) => type !== 'gauge').map(({ name, labels, value }) => [
        `${name} ${JSON.stringify(labels)}`,
        value,
      ]),
    );
  const later = lasting(after);
  return [...lasting(before)].filter(([name, value]) => (later.get(name) ?? 0) < value).map(([name]) => name);
}

/** Scrapes over and over while something is done. A sample that is there twice throws. */
async function scrapedWhile(work: Promise<unknown>): Promise<readonly Scrape[]> {
  const seen = [await scrape(backend)];
  const over = new AbortController();
  const stop = (): void => over.abort();
  void work.then(stop, stop);
  while (!over.signal.aborted) seen.push(await scrape(backend));
  await work;
  return [...seen, await scrape(backend)];
}

const fallsIn = (seen: readonly Scrape[]): readonly string[] =>
  seen.flatMap((each, index) => seen.slice(index - 1, index).flatMap((before) => fallen(before, each)));

const replaced = (): Promise<unknown> =>
  waitFor(() => logOf(backend.process).some(({ msg }) => msg === 'SIGHUP: all workers are replaced'), {
    timeoutMs: 60_000,
  });

describe('/metrics of two workers and their supervisor', () => {
  it('has what docs/metrics.md has, each with its type, labels and meaning, and no more, and passes the check of Prometheus', async () => {
    const documented = documentedMetrics({ supervised: true });
    const { families, text } = await scrape(backend);
    expect(exposedMetrics(families, documented)).toEqual(documented);
    expect(await promtoolFindings(text)).toBe('');
  });

  it('counts what workers that were replaced have done since they were last asked', async () => {
    await ask(20);
    backend.process.kill('SIGHUP');
    await replaced();
    expect(requestsOf(await scrape(backend))).toBe(20);
  });

  it('has no counter fall, and no sample twice, while all workers are replaced', async () => {
    await ask(20);
    backend.process.kill('SIGHUP');
    const seen = await scrapedWhile(replaced());
    await ask(20);
    const last = await scrape(backend);
    expect(fallsIn([...seen, last])).toEqual([]);
    expect(seen.length).toBeGreaterThan(10);
    expect(requestsOf(last)).toBe(40);
    expect(last.value('app_worker_restarts_total')).toBe(0);
    expect(
      samplesOf(last, ({ name }) => name === 'app_worker_deaths_total').map(({ value }) => value),
    ).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('counts a worker that was killed, keeps what it had told, and goes on with the next one', async () => {
    const [victim] = await servingWorkers(backend, 2);
    await ask(20);
    const before = await scrape(backend);
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    const seen = await scrapedWhile(
      waitFor(async () => (await servingWorkers(backend, 2))[0]?.restarts === 1, { timeoutMs: 30_000 }),
    );
    await ask(20);
    const last = await scrape(backend);
    expect(fallsIn([before, ...seen, last])).toEqual([]);
    expect(requestsOf(last)).toBe(40);
    expect({
      missing: seen.some(({ value }) => value('app_workers_missing') === 1),
      ready: last.value('app_workers_ready'),
      wanted: last.value('app_workers_wanted'),
      deaths: last.value('app_worker_deaths_total', { reason: 'signal' }),
      restarts: last.value('app_worker_restarts_total'),
    }).toEqual({ missing: true, ready: 2, wanted: 2, deaths: 1, restarts: 1 });
  });
});
