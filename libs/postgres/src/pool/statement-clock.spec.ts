import { PassThrough } from 'node:stream';
import { waitFor } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { elapsed } from './pool.fixture.js';
import { StatementClock } from './statement-clock.js';

const statementTimeoutMs = 50;

/** A clock whose cancel requests end when they are told to. */
function clockWithCancels() {
  const stream = new PassThrough();
  const cancels: PromiseWithResolvers<boolean>[] = [];
  const clock = new StatementClock(
    { statementTimeoutMs, silenceMs: undefined },
    {
      stream: () => stream,
      cancel: () => {
        const cancel = Promise.withResolvers<boolean>();
        cancels.push(cancel);
        return cancel.promise;
      },
    },
  );
  return { clock, stream, cancels };
}

describe('StatementClock', () => {
  it('counts the time of a statement from when it can be sent', async () => {
    const { clock, cancels } = clockWithCancels();
    clock.begin();
    await waitFor(() => cancels.length === 1);
    clock.end();
    clock.begin();
    await elapsed(3 * statementTimeoutMs);
    const whileHeld = cancels.length;
    cancels[0]?.resolve(true);
    await waitFor(() => cancels.length === 2);
    cancels[1]?.resolve(true);
    clock.end();
    expect(whileHeld).toBe(1);
  });

  it('holds back what follows until the cancel request has been dealt with', async () => {
    const { clock, stream, cancels } = clockWithCancels();
    clock.begin();
    await waitFor(() => cancels.length === 1);
    clock.end();
    const before = [stream.writableCorked, clock.isCancelling];
    cancels[0]?.resolve(true);
    await clock.cancelled;
    expect([before, [stream.writableCorked, clock.isCancelling]]).toEqual([
      [1, true],
      [0, false],
    ]);
  });

  it('ends the connection when it is not known whether a later statement will be hit', async () => {
    const { clock, stream, cancels } = clockWithCancels();
    stream.on('error', () => undefined);
    clock.begin();
    await waitFor(() => cancels.length === 1);
    clock.end();
    cancels[0]?.resolve(false);
    await clock.cancelled;
    expect(stream.destroyed).toBe(true);
  });
});
