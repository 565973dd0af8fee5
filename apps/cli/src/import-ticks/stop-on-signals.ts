import type { StopSignals } from './tick-sender.js';

const stopping = ['SIGINT', 'SIGTERM'] as const;

/** A terminal and npm both pass on one Ctrl-C: only a signal this much later is a second one, in milliseconds. */
const secondSignalAfterMs = 1_000;

export interface SignalStop extends StopSignals {
  /** Leaves signals to Node again. */
  close(): void;
}

/** The first SIGINT or SIGTERM asks to stop, one that comes at least a second later ends the work by force. */
export function stopOnSignals(onStop: () => void): SignalStop {
  const stop = new AbortController();
  const force = new AbortController();
  let stoppedAt = 0;
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now();
      stop.abort();
      onStop();
    } else if (performance.now() - stoppedAt >= secondSignalAfterMs) {
      force.abort();
    }
  };
  for (const signal of stopping) process.on(signal, onSignal);
  return {
    stop: stop.signal,
    force: force.signal,
    close: () => {
      for (const signal of stopping) process.off(signal, onSignal);
    },
  };
}
