import { parseDuration } from '@app/config';
import { InvalidArgumentError } from 'commander';

/** Reads an option's duration as milliseconds. */
export function durationValue(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new InvalidArgumentError('A duration is 500ms, 30s, 5m, 2h or a number of seconds.');
  return ms;
}

/** Reads an option's whole number from 1 to `most`. */
export function countValue(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < 1 || number > most) {
      throw new InvalidArgumentError(`It is a whole number from 1 to ${String(most)}.`);
    }
    return number;
  };
}

/** Reads an option's address of an HTTP server; without a slash at its end. */
export function httpUrlValue(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('An address is like http://127.0.0.1:8000.');
  }
  return url.href.replace(/\/+$/, '');
}
