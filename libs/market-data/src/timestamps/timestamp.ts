/** A moment: whole seconds since 1970-01-01T00:00:00Z, and the nanoseconds of that second. */
export interface Timestamp {
  readonly second: number;
  readonly nanos: number;
}

const secondsOfDay = 86_400;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const dash = 0x2d;
const colon = 0x3a;
const point = 0x2e;
const plus = 0x2b;
const upperT = 0x54;
const upperZ = 0x5a;
const lowerCase = 0x20;

/**
 * Reads a timestamp of RFC 3339 with at most 9 digits after the point; undefined for anything else. The leap second
 * 23:59:60 UTC at the end of a month is the first second of the next one, as in POSIX time; elsewhere there is none.
 */
export function parseTimestamp(text: string): Timestamp | undefined {
  const day = parseDate(text);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  const separated =
    (text.charCodeAt(10) & ~lowerCase) === upperT &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon;
  if (!separated || day === undefined || !within(hour, 23) || !within(minute, 59) || !within(second, 60))
    return undefined;

  const fractionEnd = text.charCodeAt(19) === point ? endOfDigits(text, 20) : 19;
  const digits = fractionEnd - 20;
  if (fractionEnd !== 19 && !(digits >= 1 && digits <= 9)) return undefined;
  const nanos = digits < 1 ? 0 : digitsAt(text, 20, digits) * 10 ** (9 - digits);

  const offset = parseOffset(text, fractionEnd);
  if (offset === undefined) return undefined;
  const instant = day * secondsOfDay + hour * 3_600 + minute * 60 + second - offset;
  return second === 60 && !beginsMonth(instant) ? undefined : { second: instant, nanos };
}

/** The moment of a time in milliseconds since 1970. */
export function timestampOfMillis(milliseconds: number): Timestamp {
  const second = Math.floor(milliseconds / 1_000);
  return { second, nanos: Math.floor(milliseconds - second * 1_000) * 1_000_000 };
}

/** RFC 3339 in UTC, with 0, 3, 6 or 9 digits after the point: the least that is exact. */
export function renderTimestamp({ second, nanos }: Timestamp): string {
  const whole = new Date(second * 1_000).toISOString().slice(0, 19);
  if (nanos === 0) return `${whole}Z`;
  const fraction = String(nanos).padStart(9, '0');
  const digits = nanos % 1_000_000 === 0 ? 3 : nanos % 1_000 === 0 ? 6 : 9;
  return `${whole}.${fraction.slice(0, digits)}Z`;
}

/** Days since 1970-01-01. */
function parseDate(text: string): number | undefined {
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return undefined;
  if (!within(year, 9_999) || !(month >= 1 && month <= 12) || !(day >= 1)) return undefined;
  const leapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const length = month === 2 && leapYear ? 29 : (daysOfMonth[month - 1] ?? 0);
  return day <= length ? daysSince1970(year, month, day) : undefined;
}

/** By Howard Hinnant's `days_from_civil`: years begin in March, so that the leap day is a year's last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Seconds ahead of UTC, of `Z` or `+02:00` that ends the text. */
function parseOffset(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  if ((sign & ~lowerCase) === upperZ) return text.length === at + 1 ? 0 : undefined;
  const hours = digitsAt(text, at + 1, 2);
  const minutes = digitsAt(text, at + 4, 2);
  if (sign !== plus && sign !== dash) return undefined;
  if (text.charCodeAt(at + 3) !== colon || text.length !== at + 6) return undefined;
  if (!within(hours, 23) || !within(minutes, 59)) return undefined;
  return (sign === plus ? 1 : -1) * (hours * 3_600 + minutes * 60);
}

function beginsMonth(instant: number): boolean {
  return instant % secondsOfDay === 0 && new Date(instant * 1_000).getUTCDate() === 1;
}

/** The number that these digits make, or NaN where one of them is no digit. */
function digitsAt(text: string, at: number, count: number): number {
  let number = 0;
  for (let index = at; index < at + count; index++) {
    const digit = text.charCodeAt(index) - 48;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}

function endOfDigits(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return end;
}

function within(number: number, most: number): boolean {
  return number >= 0 && number <= most;
}
