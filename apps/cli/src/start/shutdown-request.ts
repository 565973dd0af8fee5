const repeatMs = 1_000;
const pollMs = 500;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish that everything ends, which comes with a signal. */
export interface ShutdownRequest {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Called at a signal that comes at least one second after the first: npm and a terminal both pass on Ctrl-C. */
  onRepeat(listener: () => void): void;
  /** Stops listening. */
  close(): void;
}

export interface ShutdownSources {
  /** Emits the signals. */
  readonly signals: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  /** Milliseconds from any beginning. */
  readonly now: () => number;
  /** Asked every half second: whether those for whom this program runs are gone. */
  readonly isAbandoned: () => boolean;
}

/** Listens to what ends a program. */
export function listenForShutdown(sources: ShutdownSources): ShutdownRequest {
  const controller = new AbortController();
  const repeated = new EventTarget();
  let first: number | undefined;
  const request = () => {
    if (first === undefined) {
      first = sources.now();
      controller.abort();
    } else if (sources.now() - first >= repeatMs) {
      repeated.dispatchEvent(new Event('repeat'));
    }
  };
  for (const signal of signals) sources.signals.on(signal, request);
  const watch = setInterval(() => {
    if (first === undefined && sources.isAbandoned()) request();
  }, pollMs).unref();

  return {
    signal: controller.signal,
    onRepeat: (listener) => repeated.addEventListener('repeat', listener),
    close: () => {
      clearInterval(watch);
      for (const signal of signals) sources.signals.off(signal, request);
    },
  };
}
