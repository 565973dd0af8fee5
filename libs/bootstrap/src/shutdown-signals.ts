const forceAfterMs = 1_000;

export interface SignalHandlers {
  /** The first signal, by its name. */
  shutDown(signal: NodeJS.Signals): void;
  /** A second signal that came at least one second after the first. */
  force(signal: NodeJS.Signals): void;
}

/**
 * Listens to SIGTERM and SIGINT, and to SIGHUP, which an unsupervised process takes the same way. A terminal and
 * npm both pass on Ctrl-C, so a second signal within a second is the first one again.
 */
export function listenToShutdownSignals(
  source: Pick<NodeJS.EventEmitter, 'on'>,
  handlers: SignalHandlers,
  now: () => number = Date.now,
): void {
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
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
