import { startTraffic, type TrafficPlan, type TrafficReport } from './traffic.ts';

/** What the client saw while some work was done, and what that gave. */
export interface WorkReport<Result> extends TrafficReport {
  readonly workMs: number;
  readonly result: Result;
}

export interface WorkPlan extends TrafficPlan {
  /** How long the traffic goes on before and after the work. */
  readonly secondsAround: number;
}

/** Does some work under traffic that begins before it and ends after it. */
export async function underTraffic<Result>(
  plan: WorkPlan,
  work: () => Promise<Result>,
): Promise<WorkReport<Result>> {
  const around = plan.secondsAround * plan.ratePerSecond;
  await using traffic = startTraffic(plan);
  await traffic.sent(around);
  const startedAt = performance.now();
  const result = await work();
  const workMs = performance.now() - startedAt;
  await traffic.sent(around);
  return { ...(await traffic.end()), workMs, result };
}

/** The figures in one line. */
export function figures(report: WorkReport<unknown>): string {
  const { requests, newcomers, failures, acceptedTrades } = report;
  const [p50, p99, longest] = [report.p50Ms, report.p99Ms, report.maxMs].map((ms) => `${ms.toFixed(0)} ms`);
  return [
    `${(report.workMs / 1_000).toFixed(1)} s, ${String(requests)} requests (${rateOf(report).toFixed(0)}/s)`,
    `${String(newcomers)} newcomers, ${String(failures)} failed, ${String(acceptedTrades.length)} trades`,
    `p50 ${String(p50)}, p99 ${String(p99)}, longest ${String(longest)}`,
  ].join(', ');
}

/** Answered requests per second. */
export function rateOf({ requests, durationMs }: TrafficReport): number {
  return (requests / durationMs) * 1_000;
}
