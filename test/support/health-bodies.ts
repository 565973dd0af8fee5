import { expect } from 'vitest';
import type { Backend } from './backend.js';

// The health bodies as they are expected, whole: what differs from run to run by its form.

export const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const number: unknown = expect.any(Number);

const up = { status: 'up' };
export const allUp = { postgres: up, redis: up, influxdb: up };
export const none = { info: {}, error: {}, details: {} };

/** The entry of a datastore that is not up. */
export const away = (reason: string, lastUpAt: unknown = time, status = 'down'): object => ({
  status,
  reason,
  since: time,
  lastUpAt,
  nextCheckAt: time,
});

/** Status and whole body of each public path. */
export async function bodies(backend: Backend): Promise<unknown> {
  const paths = ['/health', '/health/liveness', '/health/readiness', '/health/startup'];
  const answers = await Promise.all(paths.map((path) => backend.get(path)));
  return answers.map(({ status, body }) => [status, body]);
}

/** Of liveness. */
export const alive = (phase: string): object => ({ status: 'ok', phase, ...none });

/** Of `/health`. */
export const named = (phase: string): object => ({
  ...alive(phase),
  name: 'trading-backend',
  version: expect.any(String),
  uptime: number,
});

/** A phase of the start that is over. */
export const done = (name: string): object => ({ name, status: 'done', startedAt: time, durationMs: number });

const phases = ['validate', 'wait_for_init', 'preflight', 'serve'].map(done);

/** Of startup, once started. */
export const started = (phase: string): object => ({ ...alive(phase), phases, waitingFor: [] });

/** Status and body of readiness. */
export const readiness = (
  code: number,
  status: string,
  info: object,
  error: object,
  phase = 'serving',
): unknown => [code, { status, phase, info, error, details: { ...info, ...error } }];
