import { setTimeout as delay } from 'node:timers/promises';
import type { Lifecycle, ShutdownStage } from '@app/lifecycle';
import { ShutdownStepError } from './bootstrap.errors.js';
import { withDeadline } from './deadline.js';
import type { FrontDoor } from './front-door.js';
import { finishRequests } from './unfinished-requests.js';

export interface ShutdownOptions {
  readonly drainDelayMs: number;
  /** Counted from the signal; includes the drain delay. */
  readonly timeoutMs: number;
  /**
   * Another process has taken this one's place already: nobody else is to notice, so the phase stays until the clients
   * that are connected have gone, at most for so long. Milliseconds.
   */
  readonly lingerMs?: number;
}

/** The signals of the shutdown in their order; `docs/architecture.md` says what is true from each on. */
export const shutdownSignals = [
  'draining',
  'drain_delay_over',
  'listener_closed',
  'streams_ended',
  'requests_finished',
  'queues_flushed',
  'hooks_run',
  'datastores_closed',
] as const;
export type ShutdownSignal = (typeof shutdownSignals)[number];

export interface ShutdownParticipants {
  readonly lifecycle: Lifecycle;
  readonly frontDoor: FrontDoor;
  /** Brings no new connections any more. */
  stopAccepting(): Promise<void>;
  /** Runs the shutdown hooks of the application's modules; rejects when one failed. */
  closeApplication(): Promise<void>;
  /** Told of each signal as it is reached, and how long after the begin that was. */
  reached(signal: ShutdownSignal, afterMs: number): void;
  /** Told of each step as it ends. */
  stepEnded(step: string, durationMs: number, error?: ShutdownStepError): void;
}

/** The part of the time still left that a step may take; what one leaves over goes to the next. */
const shares = { requests: 0.5, flush: 0.5, hooks: 0.4, close: 0.8 };

/** The part of its share after which a registered step is told to come to an end. */
const notice = 0.8;

/** The same for the requests in flight. To answer those that are left takes no time, so they have more of it. */
const requestsNotice = 0.95;

/**
 * Ends the service in the order that loses nothing: readiness red, drain delay, no new connections, event streams
 * ended, requests in flight finished, queues flushed, module hooks, datastores closed. Returns the steps that
 * failed or overran; each is reported and none holds up the next ones.
 */
export async function shutDown(
  cause: string,
  options: ShutdownOptions,
  participants: ShutdownParticipants,
): Promise<readonly ShutdownStepError[]> {
  const { lifecycle, frontDoor } = participants;
  const failures: ShutdownStepError[] = [];
  const startedAt = performance.now();
  const remaining = (): number => Math.max(0, options.timeoutMs - (performance.now() - startedAt));

  const step = async (
    name: string,
    share: number,
    work: (signal: AbortSignal) => Promise<void>,
    noticed = 1,
  ): Promise<void> => {
    const shareMs = Math.floor(remaining() * share);
    const began = performance.now();
    let failure: ShutdownStepError | undefined;
    try {
      await withDeadline(shareMs, work, noticed * shareMs);
    } catch (error) {
      const overran = error instanceof DOMException && error.name === 'TimeoutError';
      failure = new ShutdownStepError(name, shareMs, overran, overran ? undefined : error);
      failures.push(failure);
    }
    participants.stepEnded(name, performance.now() - began, failure);
  };
  const stage = async (name: ShutdownStage, share: number): Promise<void> => {
    const steps = lifecycle.shutdown.of(name);
    await Promise.all(
      steps.map((part) => step(`${name}: ${part.name}`, share, (signal) => part.run(signal), notice)),
    );
  };

  const reached = (signal: ShutdownSignal): void =>
    participants.reached(signal, Math.round(performance.now() - startedAt));

  const { drainDelayMs, lingerMs } = options;
  frontDoor.drain();
  if (lingerMs === undefined) {
    lifecycle.application.enter('draining', cause);
    reached('draining');
    await delay(drainDelayMs);
    reached('drain_delay_over');
  }
  await participants.stopAccepting();
  reached('listener_closed');
  await Promise.all([
    stage('end-streams', shares.requests).then(() => reached('streams_ended')),
    step(
      'finish requests',
      shares.requests,
      async (signal) => {
        if (lingerMs !== undefined) await frontDoor.clientsGone(lingerMs, signal);
        await finishRequests(frontDoor, signal);
      },
      requestsNotice,
    ),
  ]);
  lifecycle.application.enter('draining', cause);
  frontDoor.closeConnections();
  reached('requests_finished');
  await stage('flush', shares.flush);
  reached('queues_flushed');
  await step('module hooks', shares.hooks, () => participants.closeApplication());
  reached('hooks_run');
  await stage('close', shares.close);
  reached('datastores_closed');
  lifecycle.application.enter('stopped', cause);
  return failures;
}
