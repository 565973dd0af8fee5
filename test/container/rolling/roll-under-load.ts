import { type Instrument } from './instrument.ts';
import { type LoadReport, startLoad } from './load.ts';
import type { Replicas } from './replicas.ts';

const connections = 40;
const secondsAround = 3;

export interface RollPlan {
  readonly instrument: Instrument;
  /** A bearer token with the scope `write`. */
  readonly token: string;
  readonly ratePerSecond: number;
}

export interface RollReport extends LoadReport {
  readonly rollMs: number;
  readonly exitCodes: readonly number[];
}

/** Rolls under requests that begin some seconds before and end some seconds after. */
export async function rollUnderLoad(
  replicas: Replicas,
  { instrument, token, ratePerSecond }: RollPlan,
): Promise<RollReport> {
  const { symbol } = instrument;
  const { host, port } = replicas.proxy;
  await using load = startLoad({ host, port, token, ratePerSecond, connections, symbol });
  await load.sent(secondsAround * ratePerSecond);
  const startedAt = performance.now();
  const exitCodes = await replicas.roll();
  const rollMs = performance.now() - startedAt;
  await load.sent(secondsAround * ratePerSecond);
  return { ...(await load.end()), rollMs, exitCodes };
}

/** Whether the client got at least 95 % of the answers that the plan says: a slower roll tells nothing. */
export function reachesRate(report: LoadReport, ratePerSecond: number): boolean {
  return rateOf(report) >= 0.95 * ratePerSecond;
}

/** The figures of a roll in one line. */
export function figures(report: RollReport): string {
  const ended = `${String(report.failures)} failed, ${String(report.acceptedTrades)} trades`;
  const [p50, p99, longest] = [report.p50Ms, report.p99Ms, report.maxMs].map((ms) => `${ms.toFixed(0)} ms`);
  return [
    `${(report.rollMs / 1_000).toFixed(1)} s, ${String(report.requests)} requests (${rateOf(report).toFixed(0)}/s)`,
    `${ended}, p50 ${String(p50)}, p99 ${String(p99)}, longest ${String(longest)}`,
  ].join(', ');
}

function rateOf({ requests, durationMs }: LoadReport): number {
  return (requests / durationMs) * 1_000;
}
