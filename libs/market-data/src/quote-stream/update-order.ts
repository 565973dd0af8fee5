import type { Quote } from '../quotes/quote.js';

const pattern = /^\d{1,16}-\d{1,16}$/;

/** Whether the text can be an update id, `<microseconds since 1970>-<n>`. */
export function isUpdateId(text: string): boolean {
  return pattern.test(text);
}

/** Whether an update came after another; after none all came. */
export function isNewer(updateId: string, than: string | undefined): boolean {
  return than === undefined || compare(updateId, than) > 0;
}

/** The quotes in the order in which they became the latest of their symbols. */
export function inOrder(quotes: Iterable<Quote>): Quote[] {
  return [...quotes].toSorted((a, b) => compare(a.updateId, b.updateId));
}

function compare(one: string, other: string): number {
  const [time, count] = parts(one);
  const [otherTime, otherCount] = parts(other);
  return time - otherTime || count - otherCount;
}

function parts(updateId: string): [time: number, count: number] {
  const [time, count] = updateId.split('-');
  return [Number(time), Number(count)];
}
