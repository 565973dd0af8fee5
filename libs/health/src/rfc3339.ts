/** A time in milliseconds since 1970 as RFC 3339 in UTC; null where there is none. */
export function rfc3339(ms: number): string;
export function rfc3339(ms: number | undefined): string | null;
export function rfc3339(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
