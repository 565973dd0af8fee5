import { parseByteSize } from '../../byte-size.js';
import { formatDuration, longestDurationMs, parseDuration } from '../../duration.js';
import { kind, Refusal, type Kind } from './kind.js';

const durationValues = 'a duration such as 500ms, 5s, 2m or 1h (a bare number is seconds)';

function readDuration(given: string, minMs: number): number | Refusal {
  const milliseconds = parseDuration(given);
  if (milliseconds === undefined) return new Refusal();
  if (milliseconds < minMs) return new Refusal(`is shorter than ${formatDuration(minMs)}`);
  if (milliseconds > longestDurationMs) return new Refusal('is longer than 24 days, which no timer keeps');
  return milliseconds;
}

/** A duration in milliseconds. Zero is refused unless `minMs` is 0, since a wait of no length cannot work. */
export const duration = (minMs = 1): Kind<number> =>
  kind(durationValues, (given) => readDuration(given, minMs));

/** A duration in milliseconds, or `never` where -1 is given. */
export const durationOrNever = (): Kind<number | 'never'> =>
  kind(`${durationValues}, or -1 for never`, (given) => (given === '-1' ? 'never' : readDuration(given, 1)));

/** A size in bytes from 1 kB to 1 GB. */
export const byteSize = (): Kind<number> =>
  kind('a size from 1kb to 1gb, such as 512kb or 4mb (a bare number is bytes)', (given) => {
    const bytes = parseByteSize(given);
    return bytes === undefined || bytes < 1024 || bytes > 1024 ** 3 ? new Refusal() : bytes;
  });
