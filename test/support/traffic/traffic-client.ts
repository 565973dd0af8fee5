import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { percentile } from '../load.ts';
import { firstRequest, type PlannedRequest, plannedRequest } from './request-mix.ts';
import type { FailedRequest, TrafficPlan, TrafficReport } from './traffic.ts';

const paceMs = 2;
const requestLimitMs = 10_000;
const maxExamples = 20;
/** A newcomer beside every so many requests: 25 a second beside 500. */
const requestsPerNewcomer = 20;

/**
 * Sends requests at a fixed rate, however long the answers take, and none of them twice; beside them come newcomers,
 * each on a connection of its own.
 */
export class TrafficClient {
  readonly #plan: TrafficPlan;
  readonly #agent: Agent;
  readonly #startedAt = performance.now();
  readonly #latencies: number[] = [];
  readonly #acceptedTrades: string[] = [];
  readonly #examples: string[] = [];
  readonly #failed: FailedRequest[] = [];
  readonly #pending = new Set<Promise<void>>();
  readonly #pace: NodeJS.Timeout;
  #requests = 0;
  #newcomers = 0;

  private constructor(plan: TrafficPlan, agent: Agent) {
    this.#plan = plan;
    this.#agent = agent;
    this.#pace = setInterval(() => this.#sendWhatIsDue(), paceMs);
  }

  /** Opens all its connections and begins. Each is then used in its turn, so none is idle for long. */
  static async start(plan: TrafficPlan): Promise<TrafficClient> {
    const agent = new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: 'fifo' });
    const openings = Array.from({ length: plan.connections }, () =>
      answer(plan.url, firstRequest(plan), agent),
    );
    await Promise.all(openings);
    return new TrafficClient(plan, agent);
  }

  /** Resolves when so many more requests have been sent, with the number of all. */
  async sent(requests: number): Promise<number> {
    const enough = this.#requests + requests;
    while (this.#requests < enough) await setTimeout(paceMs);
    return this.#requests;
  }

  async end(): Promise<TrafficReport> {
    clearInterval(this.#pace);
    await Promise.all(this.#pending);
    const durationMs = performance.now() - this.#startedAt;
    this.#agent.destroy();
    return {
      requests: this.#requests,
      newcomers: this.#newcomers,
      failures: this.#failed.length,
      failed: this.#failed,
      acceptedTrades: this.#acceptedTrades,
      examples: this.#examples,
      durationMs,
      p50Ms: percentile(this.#latencies, 0.5),
      p99Ms: percentile(this.#latencies, 0.99),
      maxMs: percentile(this.#latencies, 1),
    };
  }

  #sendWhatIsDue(): void {
    const msPerRequest = 1_000 / this.#plan.ratePerSecond;
    const due = Math.floor((performance.now() - this.#startedAt) / msPerRequest);
    while (this.#requests < due) {
      const n = this.#requests++;
      const dueAt = this.#startedAt + n * msPerRequest;
      this.#send(plannedRequest(this.#plan, n), dueAt, this.#agent);
      if (n % requestsPerNewcomer > 0) continue;
      this.#newcomers += 1;
      this.#send(firstRequest(this.#plan), dueAt, false);
    }
  }

  #send(planned: PlannedRequest, dueAt: number, agent: Agent | false): void {
    const answered = this.#follow(planned, dueAt, agent).finally(() => this.#pending.delete(answered));
    this.#pending.add(answered);
  }

  async #follow(planned: PlannedRequest, dueAt: number, agent: Agent | false): Promise<void> {
    const { method, path, tradeId } = planned;
    let sentAt: number | undefined;
    try {
      const text = await answer(this.#plan.url, planned, agent, () => (sentAt = Date.now()));
      if (tradeId !== undefined) {
        if ((JSON.parse(text) as { accepted: number }).accepted !== 1) throw new Error(`answered ${text}`);
        this.#acceptedTrades.push(tradeId);
      }
    } catch (error) {
      this.#failed.push({ sentAt, onNewConnection: agent === false });
      const connection = agent === false ? 'a new connection' : 'a kept one';
      const at = `${method} ${path} on ${connection} after ${String(Math.round(dueAt - this.#startedAt))} ms`;
      if (this.#examples.length < maxExamples) this.#examples.push(`${at}: ${String(error)}`);
    }
    this.#latencies.push(performance.now() - dueAt);
  }
}

/** Rejects for whatever is no success: a reset, no answer in time, another status. `sending`: it has a connection. */
function answer(
  url: string,
  planned: PlannedRequest,
  agent: Agent | false,
  sending: () => void = () => undefined,
): Promise<string> {
  const { method, path, headers, body, status } = planned;
  const signal = AbortSignal.timeout(requestLimitMs);
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { agent, method, headers, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('error', reject).once('end', () => {
        if (response.statusCode === status) resolve(text);
        else reject(new Error(`answered ${String(response.statusCode)} ${text}`));
      });
    });
    sent.once('socket', sending).once('error', reject).end(body);
  });
}
