import type { Socket } from 'node:net';
import { listeningText } from '@app/bootstrap';
import { AppError, exitCodes, type ExitCode } from '@app/errors';
import type { FromWorker, ServiceSettings } from '../messages.js';
import type { WorkerPlan } from '../plan/worker-plan.js';
import { ConnectionQueue } from './connection-queue.js';
import { Crew } from './crew.js';
import { CrewMetrics } from './crew-metrics.js';
import { Ending, type EndingOptions } from './ending.js';
import { sameFixedSettings } from './fixed-settings.js';
import { LifeGuard } from './life-guard.js';
import { OneAtATime } from './one-at-a-time.js';
import type { OomKills } from './oom-kills.js';
import type { AfterDeath, RestartPolicy } from './restart-policy.js';
import { ServiceAnswers } from './service-answers.js';
import type { ServicePort } from './service-port.js';
import type { SupervisorLog } from './supervisor-log.js';
import type { StartWorker, WorkerEnd } from './worker-channel.js';
import { seconds, WorkerLines } from './worker-lines.js';
import type { WorkerListener, WorkerProcess } from './worker-process.js';

export interface SupervisorOptions {
  readonly plan: WorkerPlan;
  readonly startWorker: StartWorker;
  readonly policy: RestartPolicy;
  readonly oomKills: OomKills;
  readonly log: SupervisorLog;
  /** In milliseconds, from any moment on. */
  readonly now: () => number;
}

/** How long workers may take that have served nobody yet, in milliseconds. */
const endOfStartMs = 1_500;
/** A worker ends itself when its time is over; this much later it is killed. Milliseconds. */
const graceMs = 1_000;
const fixedText = 'APP_NAME, addresses, ports and the settings of the log change only with a new start.';

/** Keeps the workers of a service alive, gives them its connections, and ends with them. */
export class Supervisor implements WorkerListener {
  readonly #options: SupervisorOptions;
  readonly #log: SupervisorLog;
  readonly #lines: WorkerLines;
  readonly #guard: LifeGuard;
  readonly #crew: Crew;
  readonly #metrics: CrewMetrics;
  readonly #connections = new ConnectionQueue<Socket>((connection) => connection.destroy());
  readonly #answers = new ServiceAnswers(() => this.#crew.members);
  readonly #roll = new OneAtATime(() => this.#replaceAll());
  readonly #done = Promise.withResolvers<ExitCode>();
  #settings: ServiceSettings | undefined;
  #port: ServicePort | undefined;
  #ending: Ending | undefined;

  constructor(options: SupervisorOptions) {
    const { plan, startWorker, now, log, policy } = options;
    this.#options = options;
    this.#log = log;
    this.#lines = new WorkerLines(log);
    this.#crew = new Crew({ plan, startWorker, now, listener: this, served: () => policy.served });
    this.#metrics = new CrewMetrics({
      crew: this.#crew,
      wanted: plan.workers,
      missed: (missed) => this.#lines.metricsMissed(missed),
    });
    this.#guard = new LifeGuard({
      workers: () => this.#crew.living,
      settings: () => this.#settings,
      now,
      killed: (worker, why) => this.#lines.killed(worker, why),
    });
  }

  /** Starts the workers; resolves with the exit code when all have ended. */
  run(): Promise<ExitCode> {
    for (const note of this.#options.plan.notes) this.#log.line('warn', {}, note);
    this.#crew.startFirst();
    // Only now, beside the start of the worker: an HTTP server takes a while to load.
    void import('./service-port.js');
    this.#guard.start();
    return this.#done.promise;
  }

  /** Replaces the workers one by one, so that each reads the environment and the secrets anew. */
  reload(): void {
    this.#roll.ask().catch((error: unknown) => this.fail(error));
  }

  /** Ends all workers as the signal demands. */
  shutDown(cause: string): void {
    const served = this.#crew.living.some((worker) => worker.served);
    if (!served || this.#settings === undefined) {
      const order = { cause, manner: 'abandoned' } as const;
      this.#end({ order, limitMs: endOfStartMs, code: exitCodes.ok });
      return;
    }
    const { shutdownTimeoutMs } = this.#settings;
    this.#end({ order: { cause, manner: 'drain' }, limitMs: shutdownTimeoutMs + graceMs });
  }

  /** Kills all workers. */
  force(why: string): void {
    this.#log.line('fatal', {}, `Ended by force: ${why}.`);
    this.#ending?.force();
  }

  /** Ends everything for an error of the supervisor itself. */
  fail(error: unknown): void {
    this.#log.line('fatal', { err: error }, error instanceof Error ? error.message : String(error));
    const code = (error instanceof AppError ? error.definition.exitCode : undefined) ?? exitCodes.software;
    const order = { cause: 'the supervisor cannot go on', manner: 'abandoned' } as const;
    const limitMs = (this.#settings?.shutdownTimeoutMs ?? 0) + graceMs;
    this.#end({ order, limitMs: this.#port === undefined ? endOfStartMs : limitMs, code });
  }

  heard(worker: WorkerProcess, message: FromWorker): void {
    switch (message.type) {
      case 'settings':
        this.#open(message.settings).catch((error: unknown) => this.fail(error));
        return;
      case 'ready':
        this.#ready(worker);
        return;
      case 'answering':
        this.#distribute();
        return;
      case 'took':
        this.#connections.took(worker, message.id);
        return;
      case 'leave':
        this.#distribute();
        if (this.#ending !== undefined && this.#crew.takers.length === 0) this.#port?.closeApi();
        worker.confirmLeave();
        return;
      case 'ask':
        worker.reply(message.id, this.#crew.reports());
        return;
      case 'health':
        this.#answers.changed();
        return;
      case 'metrics':
        return this.#metrics.told(worker, message.families ?? []);
      case 'heartbeat':
        return;
    }
  }

  ended(worker: WorkerProcess, end: WorkerEnd): void {
    const vacant = this.#crew.ended(worker);
    this.#connections.lost(worker);
    this.#distribute();
    const unplanned = this.#ending === undefined && worker.order === undefined;
    const after = unplanned ? this.#afterDeath(worker, end) : undefined;
    const told = after?.kind === 'end' && after.told;
    const outOfMemory = end.signal === 'SIGKILL' ? this.#options.oomKills.risen() : false;
    this.#lines.ended(worker, end, { outOfMemory, told });
    this.#metrics.ended(worker, end, outOfMemory);
    if (this.#ending !== undefined) {
      this.#ending.ended(worker, end);
      this.#closeWhenAlone();
    }
    if (after?.kind === 'restart') vacant?.restartAfter(after.afterMs);
    if (after?.kind !== 'end') return;
    if (!told) this.#log.line('fatal', { code: after.code }, `No worker can live: ${after.reason}.`);
    const order = { cause: after.reason, manner: 'abandoned' } as const;
    this.#end({ order, limitMs: endOfStartMs, code: after.code });
  }

  #afterDeath(worker: WorkerProcess, { code }: WorkerEnd): AfterDeath {
    const { number, servedMs, killedFor, served } = worker;
    const late = killedFor !== undefined && !served;
    return this.#options.policy.afterDeath({ number, code, servedMs, at: this.#options.now(), late });
  }

  /** Takes in what a worker has read; with the first one the service is given its log and its ports. */
  async #open(settings: ServiceSettings): Promise<void> {
    const before = this.#settings;
    this.#settings = settings;
    if (before !== undefined) {
      if (!sameFixedSettings(before, settings)) this.#log.line('warn', {}, fixedText);
      return;
    }
    await this.#log.open(settings);
    const loaded = await import('./service-port.js');
    const port = await loaded.ServicePort.open({
      settings,
      answers: this.#answers,
      metrics: () => this.#metrics.collect(),
      connections: this.#connections,
      failed: (err) => this.#log.line('error', { err }, 'A connection or a probe could not be answered.'),
    });
    this.#port = port;
    const { addresses } = port;
    const { workers } = this.#options.plan;
    this.#log.line('info', { ...addresses, workers }, listeningText(addresses));
    if (this.#ending !== undefined) this.#closeWhenAlone();
  }

  #ready(worker: WorkerProcess): void {
    const { policy } = this.#options;
    const first = !policy.served;
    policy.ready();
    this.#lines.serves(worker);
    this.#log.started();
    this.#distribute();
    if (first && this.#ending === undefined) this.#crew.startOthers();
  }

  #distribute(): void {
    this.#connections.setTakers(this.#crew.takers);
  }

  async #replaceAll(): Promise<void> {
    // Whoever is being started reads everything as it is now.
    if (!this.#options.policy.served || this.#settings === undefined) return;
    this.#log.line('info', {}, 'SIGHUP: the workers are replaced one by one');
    const retire = (old: WorkerProcess): void => {
      old.end({ cause: 'SIGHUP', manner: 'replace' });
      this.#distribute();
    };
    const limitMs = this.#settings.shutdownTimeoutMs + graceMs;
    const failed = await this.#crew.replaceAll({ retire, limitMs }, () => this.#ending !== undefined);
    if (failed !== undefined) {
      const text = `SIGHUP: the new worker ${String(failed)} could not serve. Those that were there go on with what they have read; correct what its log names and send SIGHUP again.`;
      this.#log.line('error', { worker: failed }, text);
    } else if (this.#ending === undefined) {
      this.#log.line('info', {}, 'SIGHUP: all workers are replaced');
    }
  }

  #end(options: Omit<EndingOptions, 'overdue'>): void {
    if (this.#ending !== undefined) return;
    this.#crew.stop();
    const overdue = (): void =>
      this.#log.line('fatal', {}, `Ended by force: workers had not ended after ${seconds(options.limitMs)}.`);
    this.#ending = new Ending(this.#crew.living, { ...options, overdue });
    this.#distribute();
    this.#closeWhenAlone();
  }

  #closeWhenAlone(): void {
    if (this.#ending === undefined || this.#crew.living.length > 0) return;
    this.#guard.stop();
    this.#port?.close();
    this.#connections.drop();
    const code = this.#ending.close();
    this.#log.line('info', { code }, `ended with ${String(code)}`);
    this.#log.flush();
    this.#done.resolve(code);
  }
}
