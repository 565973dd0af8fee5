import { Agent, get, type ServerResponse } from 'node:http';
import { HealthAnswers } from '@app/health';
import { serverLimits } from '@app/http';
import { Lifecycle } from '@app/lifecycle';
import { waitFor } from '@app/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FrontDoor } from './front-door.js';
import { listen } from './listen.js';
import { shutDown, type ShutdownSignal } from './shutdown-timeline.js';

/** What is true as a signal is given. */
interface Moment {
  readonly signal: ShutdownSignal;
  readonly readiness: number;
  readonly accepts: boolean;
  readonly stream: 'open' | 'ended';
  readonly request: 'in flight' | 'answered';
  readonly done: readonly string[];
}

/** A service with one event stream and one request open, whose shutdown is watched. */
async function scene() {
  const lifecycle = new Lifecycle([]);
  const health = new HealthAnswers(lifecycle, { name: 'a', version: '1', critical: [], intervalMs: 1_000 });
  const held = new Map<string, ServerResponse>();
  const door = new FrontDoor(
    serverLimits({ requestTimeoutMs: 5_000, keepAliveTimeoutMs: 5_000 }),
    ({ url = '' }, response) => void held.set(url, response),
  );
  const port = await listen(door.server, {
    host: '127.0.0.1',
    port: 0,
    variables: { host: 'HOST', port: 'PORT' },
  });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const answers = ['/stream', '/request'].map(
    (path) =>
      new Promise<number | undefined>((resolve, reject) => {
        get({ port, host: '127.0.0.1', path, agent }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode));
        }).once('error', reject);
      }),
  );
  await waitFor(() => held.size === 2);
  lifecycle.application.enter('serving', 'test');

  const done: string[] = [];
  const moments: Moment[] = [];
  const { shutdown } = lifecycle;
  shutdown.register({
    stage: 'end-streams',
    name: 'stream',
    run: () => Promise.resolve(void held.get('/stream')?.end()),
  });
  for (const stage of ['flush', 'close'] as const)
    shutdown.register({ stage, name: 'own', run: () => Promise.resolve(void done.push(stage)) });
  const open = (path: string): boolean => held.get(path)?.writableEnded === false;
  const reached = (signal: ShutdownSignal): void => {
    moments.push({
      signal,
      readiness: health.readiness().status,
      accepts: door.server.listening,
      stream: open('/stream') ? 'open' : 'ended',
      request: open('/request') ? 'in flight' : 'answered',
      done: [...done],
    });
    // The request takes until the streams have been ended, and no longer.
    if (signal === 'streams_ended') held.get('/request')?.end('late');
  };
  const failures = await shutDown(
    'SIGTERM',
    { drainDelayMs: 20, timeoutMs: 5_000 },
    {
      lifecycle,
      frontDoor: door,
      stopAccepting: () => Promise.resolve(door.stopAccepting()),
      closeApplication: () => Promise.resolve(void done.push('hooks')),
      reached,
      stepEnded: () => undefined,
    },
  );
  return { failures, moments, answers: await Promise.all(answers), phase: lifecycle.application.phase };
}

describe('shutDown, signal by signal', () => {
  it('gives each signal once what it stands for is true', async () => {
    const { failures, moments, answers, phase } = await scene();
    const drained = { readiness: 503, accepts: false, stream: 'ended', request: 'answered' };
    expect(moments).toEqual([
      {
        signal: 'draining',
        readiness: 503,
        accepts: true,
        stream: 'open',
        request: 'in flight',
        done: [],
      },
      {
        signal: 'drain_delay_over',
        readiness: 503,
        accepts: true,
        stream: 'open',
        request: 'in flight',
        done: [],
      },
      {
        signal: 'listener_closed',
        readiness: 503,
        accepts: false,
        stream: 'open',
        request: 'in flight',
        done: [],
      },
      {
        signal: 'streams_ended',
        readiness: 503,
        accepts: false,
        stream: 'ended',
        request: 'in flight',
        done: [],
      },
      { ...drained, signal: 'requests_finished', done: [] },
      { ...drained, signal: 'queues_flushed', done: ['flush'] },
      { ...drained, signal: 'hooks_run', done: ['flush', 'hooks'] },
      { ...drained, signal: 'datastores_closed', done: ['flush', 'hooks', 'close'] },
    ]);
    expect([failures, answers, phase]).toEqual([[], [200, 200], 'stopped']);
  });
});
