import type { LogLevel } from '../../config.js';
import { closest } from '../../closest.js';
import { kind, Refusal, type Kind } from './kind.js';

const levels: ReadonlyMap<string, LogLevel> = new Map([
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['fatal', 'fatal'],
  ['warning', 'warn'],
  ['critical', 'fatal'],
]);

/** A log level in any case; Python's names for two of them are taken too, since operators bring them along. */
export const logLevel = (): Kind<LogLevel> =>
  kind('one of trace, debug, info, warn (or warning), error, fatal (or critical)', (given) => {
    const lower = given.toLowerCase();
    return levels.get(lower) ?? new Refusal(undefined, closest(lower, levels.keys(), 2));
  });
