import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { LoadPlan, LoadReport } from './load.ts';
import { type PlannedRequest, plannedRequest } from './request-mix.ts';

const paceMs = 2;
const requestLimitMs = 10_000;
const maxExamples = 20;

/** Sends requests at a fixed rate, however long the answers take, and none of them twice. */
export class LoadClient {
  readonly #plan: LoadPlan;
  readonly #agent: Agent;
  readonly #startedAt = performance.now();
  readonly #latencies: number[] = [];
  readonly #examples: string[] = [];
  readonly #pending = new Set<Promise<void>>();
  readonly #pace: NodeJS.Timeout;
  #requests = 0;
  #failures = 0;
  #acceptedTrades = 0;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.#agent = new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: 'fifo' });
    this.#pace = setInterval(() => this.#sendWhatIsDue(), paceMs);
  }

  /** Resolves when so many more requests have been sent, with the number of all. */
  async sent(requests: number): Promise<number> {
    const enough = this.#requests + requests;
    while (this.#requests < enough) await setTimeout(paceMs);
    return this.#requests;
  }

  async end(): Promise<LoadReport> {
    clearInterval(this.#pace);
    await Promise.all(this.#pending);
    const durationMs = performance.now() - this.#startedAt;
    this.#agent.destroy();
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const percentile = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
    return {
      requests: this.#requests,
      failures: this.#failures,
      acceptedTrades: this.#acceptedTrades,
      examples: this.#examples,
      durationMs,
      p50Ms: percentile(0.5),
      p99Ms: percentile(0.99),
      maxMs: percentile(1),
    };
  }

  #sendWhatIsDue(): void {
    const msPerRequest = 1_000 / this.#plan.ratePerSecond;
    const due = Math.floor((performance.now() - this.#startedAt) / msPerRequest);
    while (this.#requests < due) {
      const n = this.#requests++;
      const answered = this.#follow(n, this.#startedAt + n * msPerRequest).finally(() =>
        this.#pending.delete(answered),
      );
      this.#pending.add(answered);
    }
  }

  async #follow(n: number, dueAt: number): Promise<void> {
    const planned = plannedRequest(this.#plan, n);
    try {
      const answer = await this.#answer(planned);
      if (planned.method === 'POST')
        this.#acceptedTrades += (JSON.parse(answer) as { accepted: number }).accepted;
    } catch (error) {
      this.#failures += 1;
      const at = `${planned.method} ${planned.path} after ${String(Math.round(dueAt - this.#startedAt))} ms`;
      if (this.#examples.length < maxExamples) this.#examples.push(`${at}: ${String(error)}`);
    }
    this.#latencies.push(performance.now() - dueAt);
  }

  /** Rejects for whatever is no success: a reset, no answer in time, another status, a broken body. */
  #answer({ method, path, headers, body, status }: PlannedRequest): Promise<string> {
    const { host, port } = this.#plan;
    const signal = AbortSignal.timeout(requestLimitMs);
    const options = { host, port, agent: this.#agent, method, path, headers, signal };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('error', reject).once('end', () => {
          if (response.statusCode === status) resolve(text);
          else reject(new Error(`answered ${String(response.statusCode)} ${text}`));
        });
      });
      sent.once('error', reject).end(body);
    });
  }
}
