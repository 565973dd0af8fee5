import type { DatastoreName, FailureReason } from '@app/errors';
import { waitFor } from '@app/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client.js';

/** As far as it is looked at. */
export interface Entry {
  readonly status: 'up' | 'degraded' | 'down';
  readonly reason?: FailureReason;
  readonly since?: string;
  readonly nextCheckAt?: string;
}

export interface Sample {
  /** When the answer came, in milliseconds on the clock of `performance.now()`. */
  readonly at: number;
  readonly readiness: number;
  readonly status: 'ok' | 'degraded' | 'error' | 'shutting_down';
  readonly phase: 'starting' | 'serving' | 'draining';
  readonly entries: Readonly<Record<DatastoreName, Entry>>;
  readonly liveness: number;
}

const paceMs = 20;
/** How much longer than a bound something is waited for, so that a failure can tell how late it came. */
const graceMs = 3_000;
/** No probe's answer takes longer, whatever the datastores do; loading modules on a busy machine is what takes longest. */
const probeBoundMs = 3_000;

/** Probes readiness and liveness all the time, as a kubelet does, only more often. */
export class HealthWatch {
  readonly samples: Sample[] = [];
  /** Why a probe got no answer; the watch has ended then. */
  lost: unknown;
  readonly #client: ApiClient;
  readonly #running: Promise<void>;
  #ended = false;

  constructor(url: string, token: string) {
    this.#client = new ApiClient(url, token);
    this.#running = this.#run();
  }

  /** Resolves with how long after a moment health first said something, in milliseconds. Throws if it never does. */
  async until(
    what: string,
    { since, withinMs }: { readonly since: number; readonly withinMs: number },
    condition: (sample: Sample) => boolean,
  ): Promise<number> {
    const first = await waitFor(
      () => this.samples.find((sample) => sample.at >= since && condition(sample)) ?? this.#givenUp(),
      { timeoutMs: withinMs + graceMs, message: `health to say that ${what}` },
    );
    if (first === 'lost')
      throw new Error(`No probe was answered any more, waiting for health to say that ${what}`);
    return first.at - since;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
    this.#client.close();
  }

  #givenUp(): 'lost' | undefined {
    return this.lost === undefined ? undefined : 'lost';
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      try {
        const [readiness, liveness] = [await this.#probe('readiness'), await this.#probe('liveness')];
        const { status, phase, details } = readiness.body as Sample & { readonly details: Sample['entries'] };
        this.samples.push({
          at: performance.now(),
          readiness: readiness.status,
          status,
          phase,
          entries: details,
          liveness: liveness.status,
        });
      } catch (error) {
        this.lost = error;
        return;
      }
      await sleep(paceMs);
    }
  }

  #probe(path: 'readiness' | 'liveness') {
    return this.#client.ask({ path: `/health/${path}`, timeoutMs: probeBoundMs });
  }
}
