import type { Socket } from 'node:net';
import type { EndOrder, EndOrders, HostedService, ServiceHost, WorkerReport } from '@app/bootstrap';
import type { FromWorker, ToWorker } from '../messages.js';
import { HealthPublisher } from './health-publisher.js';
import { clusterChannel, type ParentChannel } from './parent-channel.js';
import { settingsOf } from './settings-of.js';

/** Signals of a terminal reach the whole group of processes; a worker obeys its supervisor alone. */
const ignoredSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** Signs of life in each WORKER_STUCK_TIMEOUT, and the longest time between two in milliseconds. */
const beatsPerTimeout = 6;
const longestBeatMs = 1_000;

type SeatMessage = Extract<ToWorker, { readonly type: 'seat' }>;

/** The place of a worker under its supervisor, which gives it connections and orders and is told how it is. */
export class WorkerSeat implements ServiceHost {
  readonly worker: number;
  readonly memoryShareBytes: number | undefined;
  readonly firstStart: boolean;
  readonly #channel: ParentChannel;
  readonly #replies = new Map<number, (workers: readonly WorkerReport[]) => void>();
  readonly #left = Promise.withResolvers<void>();
  #service: HostedService | undefined;
  #orders: EndOrders | undefined;
  #order: EndOrder | undefined;
  #heart: NodeJS.Timeout | undefined;
  #lastAsk = 0;

  private constructor(channel: ParentChannel, { number, memoryShareBytes, firstStart }: SeatMessage) {
    this.worker = number;
    this.memoryShareBytes = memoryShareBytes;
    this.firstStart = firstStart;
    this.#channel = channel;
  }

  /** Takes the place that the supervisor gives this process. */
  static take(channel: ParentChannel = clusterChannel()): Promise<WorkerSeat> {
    for (const signal of ignoredSignals) process.on(signal, () => undefined);
    return new Promise((resolve) => {
      let seat: WorkerSeat | undefined;
      channel.onMessage((message, connection) => {
        if (message.type !== 'seat') {
          seat?.take(message, connection);
          return;
        }
        seat = new WorkerSeat(channel, message);
        resolve(seat);
      });
      channel.onGone(() => {
        seat ??= new WorkerSeat(channel, { type: 'seat', number: 0, firstStart: false });
        seat.take({ type: 'end', order: { cause: 'the supervisor is gone', manner: 'abandoned' } });
        seat.take({ type: 'left' });
        resolve(seat);
      });
    });
  }

  listenForOrders(orders: EndOrders): void {
    this.#orders = orders;
    if (this.#order !== undefined) orders.end(this.#order);
  }

  open(service: HostedService): Promise<void> {
    this.#service = service;
    const { config, frontDoor } = service;
    frontDoor.openForTaking();
    this.#channel.send({ type: 'settings', settings: settingsOf(config) });
    const publisher = new HealthPublisher(service, (answers) =>
      this.#channel.send({ type: 'health', answers }),
    );
    this.#channel.send({ type: 'answering' });
    const beatMs = Math.min(longestBeatMs, config.performance.workerStuckTimeoutMs / beatsPerTimeout);
    const beat = (): void => {
      this.#channel.send({ type: 'heartbeat', vitals: service.vitals() });
      publisher.publish();
    };
    this.#heart = setInterval(beat, beatMs);
    return Promise.resolve();
  }

  ready(): void {
    this.#channel.send({ type: 'ready' });
  }

  stopAccepting(): Promise<void> {
    this.#channel.send({ type: 'leave' });
    return this.#left.promise;
  }

  async close(): Promise<void> {
    clearInterval(this.#heart);
    // What is counted up to the end is not to end with the process.
    const metrics = await this.#metrics();
    await new Promise<void>((resolve) => {
      this.#channel.send(metrics, resolve);
    });
  }

  workers(): Promise<readonly WorkerReport[]> {
    const id = (this.#lastAsk += 1);
    return new Promise((resolve) => {
      this.#replies.set(id, resolve);
      this.#channel.send({ type: 'ask', id });
    });
  }

  private take(message: ToWorker, connection?: Socket): void {
    switch (message.type) {
      case 'connection':
        if (connection !== undefined) this.#service?.frontDoor.take(connection);
        this.#channel.send({ type: 'took', id: message.id });
        return;
      case 'end':
        this.#receive(message.order);
        return;
      case 'left':
        this.#left.resolve();
        return;
      case 'reply':
        this.#replies.get(message.id)?.(message.workers);
        this.#replies.delete(message.id);
        return;
      case 'collect':
        void this.#metrics().then((metrics) => this.#channel.send(metrics));
        return;
      case 'seat':
        return;
    }
  }

  async #metrics(): Promise<FromWorker> {
    try {
      return { type: 'metrics', families: (await this.#service?.metrics()) ?? [] };
    } catch (err) {
      this.#service?.logging.logger.error({ err }, 'The metrics could not be collected.');
      return { type: 'metrics' };
    }
  }

  #receive(order: EndOrder): void {
    if (this.#order !== undefined) return;
    this.#order = order;
    this.#orders?.end(order);
  }
}
