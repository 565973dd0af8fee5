import type { DatastoreName } from '@app/errors';
import { waitFor } from '@app/testing';
import type { Backend } from '../../support/backend.js';
import type { Report } from './report.js';
import { bounds, slownessMs } from './settings.js';

interface Detailed {
  readonly details: Readonly<Record<DatastoreName, { readonly latencyMs?: number }>>;
}

/** What `detailed` says of the latency of the last ping, in milliseconds. */
async function latencyOf(backend: Backend, target: DatastoreName): Promise<number> {
  const { body } = await backend.get('/health/detailed');
  return (body as Detailed).details[target].latencyMs ?? 0;
}

/** Waits until `detailed` shows that the target is slow, or no longer is. */
export async function checkLatency(
  report: Report,
  backend: Backend,
  target: DatastoreName,
  expected: 'slow' | 'not slow',
): Promise<void> {
  const slow = expected === 'slow';
  const latency = await waitFor(
    async () => {
      const ms = await latencyOf(backend, target);
      return ms >= slownessMs === slow ? ms : undefined;
    },
    { timeoutMs: bounds.up + 2 * slownessMs, message: `detailed to say that ${target} is ${expected}` },
  );
  report.note(slow ? 'latency' : 'latency again', `${String(Math.round(latency))} ms`);
}
