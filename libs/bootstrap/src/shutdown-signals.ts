const forceAfterMs = 1_000;

export interface SignalHandlers {
  /** The first signal, by its name. */
  shutDown(signal: NodeJS.Signals): void;
  /** A second signal that came at least one second after the first. */
  force(signal: NodeJS.Signals): void;
}

/** Those that end an unsupervised process: it cannot be replaced, so SIGHUP ends it like the others. */
export const unsupervisedSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Listens to the signals that end the process. A terminal and npm both pass on Ctrl-C, so a second signal within a
 * second is the first one again.
 */
export function listenToShutdownSignals(
  source: Pick<NodeJS.EventEmitter, 'on'>,
  signals: readonly NodeJS.Signals[],
  handlers: SignalHandlers,
  now: () => number = Date.now,
): void {
  let first: number | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (first === undefined) {
      first = now();
      handlers.shutDown(signal);
    } else if (now() - first >= forceAfterMs) {
      handlers.force(signal);
    }
  };
  for (const signal of signals) source.on(signal, listener);
}
