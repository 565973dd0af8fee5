import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listenToShutdownSignals, unsupervisedSignals } from './shutdown-signals.js';

function heard(signals: readonly (readonly [NodeJS.Signals, number])[]): string[] {
  const source = new EventEmitter();
  const calls: string[] = [];
  let time = 0;
  listenToShutdownSignals(
    source,
    unsupervisedSignals,
    {
      shutDown: (signal) => calls.push(`shut down ${signal}`),
      force: (signal) => calls.push(`force ${signal}`),
    },
    () => time,
  );
  for (const [signal, at] of signals) {
    time = at;
    source.emit(signal, signal);
  }
  return calls;
}

describe('listenToShutdownSignals', () => {
  it.each([
    ['one signal shuts down', [['SIGTERM', 0]], ['shut down SIGTERM']],
    [
      'Ctrl-C that comes twice at once is one',
      [
        ['SIGINT', 0],
        ['SIGINT', 40],
      ],
      ['shut down SIGINT'],
    ],
    [
      'a second signal after a second forces',
      [
        ['SIGTERM', 0],
        ['SIGINT', 1_000],
      ],
      ['shut down SIGTERM', 'force SIGINT'],
    ],
    ['SIGHUP is a SIGTERM without a supervisor', [['SIGHUP', 0]], ['shut down SIGHUP']],
  ] as const)('%s', (_name, signals, calls) => {
    expect(heard(signals)).toEqual(calls);
  });
});
