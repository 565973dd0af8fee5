const millisecondsOf = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** The longest duration that Node's timers keep; they fire a longer one at once. Milliseconds, about 24.8 days. */
export const longestDurationMs = 2 ** 31 - 1;

/**
 * Reads `500ms`, `5s`, `2m`, `1h` or a bare number of seconds, as milliseconds. Fractions are taken where they
 * come out at whole milliseconds. Returns undefined for anything else.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? 's') as keyof typeof millisecondsOf;
  const exact = Number(match[1]) * millisecondsOf[unit];
  const whole = Math.round(exact);
  return Math.abs(exact - whole) < 1e-6 && Number.isSafeInteger(whole) ? whole : undefined;
}

/** Writes whole milliseconds in the largest unit that keeps them whole, so that `parseDuration` reads them back. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  const unit = (['h', 'm', 's'] as const).find((name) => durationMs % millisecondsOf[name] === 0) ?? 'ms';
  return `${durationMs / millisecondsOf[unit]}${unit}`;
}
