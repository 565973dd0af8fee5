import type { DatastoreState } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import type { WatchListener } from './subject-watch.js';

const rank = { up: 0, degraded: 1, down: 2 } as const;

/** Logs each transition once, with how long what was before had lasted. */
export function transitionLog(logger: Logger): WatchListener {
  return {
    changed(subject, from, to) {
      const lastedMs = to.since - from.since;
      const fields = {
        [subject.kind]: subject.name,
        from: short(from),
        to: short(to),
        lastedMs,
        ...(to.version === undefined ? {} : { version: to.version }),
        ...(to.message === undefined ? {} : { message: to.message }),
      };
      const better = rank[to.status] < rank[from.status];
      const text = `The ${subject.kind} ${subject.name} is ${short(to)}; it was ${short(from)} for ${seconds(lastedMs)}.`;
      logger[better ? 'info' : 'warn'](fields, text);
    },
    failed(subject, err) {
      logger.error({ err, [subject.kind]: subject.name }, 'A listener to a health check failed.');
    },
  };
}

function short({ status, reason }: DatastoreState): string {
  return reason === undefined ? status : `${status} (${reason})`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
