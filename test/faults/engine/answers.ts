import type { DatastoreName } from '@app/errors';
import { waitFor } from '@app/testing';
import { type Load, type Outcome, type Route, routes } from './load.js';
import type { Report } from './report.js';
import type { FaultName } from './cell.js';
import { bounds } from './settings.js';

/** The datastores that a route cannot do without. Trades for a known instrument are taken without PostgreSQL. */
export const needs: Readonly<Record<Route, readonly DatastoreName[]>> = {
  ticks: ['redis'],
  instruments: ['postgres'],
  quotes: ['redis'],
  candles: ['postgres', 'influxdb'],
};

export const needing = (target: DatastoreName): readonly Route[] =>
  routes.filter((route) => needs[route].includes(target));

/**
 * How long a request may wait for a datastore that does not answer, in milliseconds: its bounds, and a second. PostgreSQL has
 * two seconds after DB_STATEMENT_TIMEOUT to cancel a statement.
 */
const longestWaitMs: Readonly<Record<DatastoreName, number>> = {
  postgres: 4_000,
  redis: 3_000,
  influxdb: 11_000,
};
/** A new connection to PostgreSQL takes three answers, and the query one; for the first trade of an instrument twice. */
const longestSlowWaitMs = 9_000;

const good = ({ status }: Outcome): boolean => status === 200 || status === 202;

const names = (target: DatastoreName, { status, code, datastore, retryAfter }: Outcome): boolean =>
  status === 503 && code === 'datastore_unavailable' && datastore === target && Number(retryAfter) >= 1;

/** Shed for want of the processor's time, which other cells and tests may take; no matter of the datastores. */
const shed = ({ status, code, retryAfter }: Outcome): boolean =>
  status === 503 && code === 'overloaded' && Number(retryAfter) >= 1;

const shown = (outcomes: readonly Outcome[]): string =>
  [
    ...Map.groupBy(outcomes, ({ route, status, code, datastore }) =>
      [route, status, code, datastore].join(' ').trim(),
    ),
  ]
    .map(([what, same]) => `${String(same.length)} × ${what}`)
    .join(', ');

/** Waits until each route was answered so often for requests that were sent since a moment. */
export async function untilAnswered(
  load: Load,
  since: number,
  times: number,
  timeoutMs = 15_000,
): Promise<void> {
  await waitFor(() => routes.every((route) => load.since(since, route).length >= times), {
    timeoutMs,
    message: 'answers of every route',
  });
}

/** Waits until each route answers as it should, and returns how long after a moment that was. */
export async function untilGood(load: Load, since: number, when: string): Promise<number> {
  const recoveredAt = (route: Route): number | undefined => {
    const sent = load.since(since, route);
    const lastBad = sent.findLastIndex((outcome) => !good(outcome));
    return sent.slice(lastBad + 1).find(good)?.sentAt;
  };
  const recovered = await waitFor(() => {
    const times = routes.map(recoveredAt).filter((at) => at !== undefined);
    return times.length === routes.length ? times : undefined;
  }).catch(() => {
    throw new Error(`Not all routes answer ${when}: ${shown(load.since(since))}`);
  });
  return Math.max(...recovered) - since;
}

/** Every answer is good, or a problem that names the target, in time; none is missing. */
export function checkAnswers(report: Report, load: Load, target: DatastoreName, fault: FaultName): void {
  const outcomes = load.outcomes.filter((outcome) => !shed(outcome));
  report.note('answers', shown(load.outcomes));
  const wrong = outcomes.filter((outcome) => !good(outcome) && !names(target, outcome));
  report.expect(wrong.length === 0, `answers that are neither good nor name ${target}: ${shown(wrong)}`);
  const innocent = outcomes.filter((outcome) => !good(outcome) && !needs[outcome.route].includes(target));
  report.expect(innocent.length === 0, `routes that do not need ${target} failed: ${shown(innocent)}`);
  const slowest = Math.max(...outcomes.map(({ tookMs }) => tookMs));
  report.within('slowest answer', slowest, fault === 'slow' ? longestSlowWaitMs : longestWaitMs[target]);
}

/** The service ends, and has not got what it needs for this. */
const givenUp = ({ status, code, retryAfter }: Outcome): boolean =>
  status === 503 && code === 'not_serving' && Number(retryAfter) >= 1;

/** As above, for a service that ends: everything is answered, and given up where that is allowed. */
export function checkEndingAnswers(
  report: Report,
  load: Load,
  target: DatastoreName,
  givesUp: boolean,
): void {
  const outcomes = load.outcomes.filter((outcome) => !shed(outcome));
  report.note('answers', shown(load.outcomes));
  const given = outcomes.filter(givenUp);
  const wrong = outcomes.filter(
    (outcome) => !good(outcome) && !names(target, outcome) && !(givesUp && given.includes(outcome)),
  );
  report.expect(wrong.length === 0, `answers that are neither good nor name ${target}: ${shown(wrong)}`);
  report.expect(
    given.every(({ route }) => needs[route].includes(target)),
    `routes that do not need ${target} were given up: ${shown(given)}`,
  );
}

/** While the target is known to be down, the routes that need it refuse at once, and no others do. */
export function checkRefusals(report: Report, outcomes: readonly Outcome[], target: DatastoreName): void {
  const dependent = needing(target);
  const refused = outcomes
    .filter((outcome) => !shed(outcome))
    .filter(({ route }) => dependent.includes(route));
  const served = outcomes
    .filter((outcome) => !shed(outcome))
    .filter(({ route }) => !dependent.includes(route));
  report.expect(
    refused.length > 0 && refused.every((outcome) => names(target, outcome)),
    `while ${target} is down ${dependent.join(', ')} answered ${shown(refused)}`,
  );
  report.expect(served.every(good), `while ${target} is down the other routes answered ${shown(served)}`);
  const slowest = Math.max(0, ...refused.map(({ tookMs }) => tookMs));
  report.within('slowest refusal', slowest, bounds.refusal);
}
