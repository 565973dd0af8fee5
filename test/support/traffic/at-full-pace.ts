import type { TrafficReport } from './traffic.ts';
import { rateOf } from './under-traffic.ts';

const maxAttempts = 4;

/** Of what the plan says. */
const leastRate = 0.95;

/**
 * Does a round again while its client could not keep its pace: such a round is good for nothing else than to show
 * failures. Throws when this machine is too slow or too busy for all of them.
 * @param round Is given the number of the attempt, from 1.
 */
export async function atFullPace(
  ratePerSecond: number,
  round: (attempt: number) => Promise<TrafficReport>,
): Promise<void> {
  const rates: number[] = [];
  while (rates.length < maxAttempts) {
    const rate = rateOf(await round(rates.length + 1));
    if (rate >= leastRate * ratePerSecond) return;
    rates.push(Math.round(rate));
  }
  throw new Error(`This machine is too slow or too busy: ${rates.join(', ')} requests/s.`);
}
