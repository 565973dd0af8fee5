const firstMs = 50;
const longestMs = 1_000;

/**
 * The pause before connecting again after so many failures in a row, in milliseconds: doubling up to a second,
 * of which a random half, so that not all processes come back at the same moment.
 *
 * @param random Between 0 and 1.
 */
export function backOffMs(failures: number, random: number): number {
  const longest = Math.min(longestMs, firstMs * 2 ** failures);
  return Math.round(longest * (0.5 + random / 2));
}
