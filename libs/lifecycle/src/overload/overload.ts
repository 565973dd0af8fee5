import type { ApplicationState } from '../application-state.js';
import { Subscribers, type Unsubscribe } from '../events.js';
import { BodyBudget, type BodyBudgetReport } from './body-budget.js';
import type { BodyReservation } from './body-reservation.js';
import type { BodyRoom } from './body-room.js';
import { DelayController, type DelaySample } from './delay-controller.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { pressureShare, type RequestKind } from './pressure-share.js';
import type { PressureSource } from './pressure-source.js';
import { ShedCounters, type ShedCounts } from './shed-counts.js';
import { SheddingEpisode, type SheddingEvent } from './shedding-episode.js';
import { SustainedDelay } from './sustained-delay.js';

/** The state of overload at this moment, for `detailed` and metrics. */
export interface OverloadReport extends ShedCounts {
  /** Whether requests were refused in the last seconds. */
  readonly shedding: boolean;
  readonly eventLoopDelayMs: number;
  /** The last reading of each source. */
  readonly pressure: Readonly<Record<string, number>>;
  /** The share of requests that is refused now, 0 to 1. */
  readonly refusing: Readonly<Record<RequestKind, number>>;
  readonly bodies: BodyBudgetReport;
}

/** What requests are refused for, and the share. */
interface Refusal {
  readonly cause: string;
  readonly share: number;
}

const delayCause = 'event_loop_delay';
const bodyCause = 'request_bodies';
/** What requests are refused for beside the sources of pressure. */
export const ownCauses: readonly string[] = [delayCause, bodyCause];
/** How old a reading of the sources may become, in milliseconds. */
const readingMs = 100;
/**
 * And how old before a request with a body is let in: one turn of the loop may have many, each of which takes memory
 * that the next one should know of.
 */
const readingForBodyMs = 5;
const nothing: Refusal = { cause: delayCause, share: 0 };

/**
 * Decides which requests are refused, one by one, while the event loop is late or something runs out, and turns the
 * phase to `overloaded` and back when the delay stays in spite of it. How busy the loop is plays no part: a process
 * that works all the time and is late for nobody is well used.
 */
export class Overload {
  readonly #application: ApplicationState;
  readonly #random: () => number;
  readonly #controller = new DelayController();
  readonly #sustained = new SustainedDelay();
  readonly #counters = new ShedCounters();
  readonly #episode = new SheddingEpisode(this.#counters);
  readonly #events = new Subscribers<SheddingEvent>();
  readonly #readings = new Map<PressureSource, number>();
  readonly #bodies = new BodyBudget(() => this.#refuseBody());
  #refusals: Readonly<Record<RequestKind, Refusal>> = { 'with-body': nothing, 'without-body': nothing };
  #lookForRoom: () => void = () => undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #started = false;

  /** Measured from `start()` on. */
  readonly eventLoop: EventLoopDelay;

  /** @param random Uniform in [0, 1). */
  constructor(application: ApplicationState, random: () => number = Math.random) {
    this.#application = application;
    this.#random = random;
    this.eventLoop = new EventLoopDelay((sample) => this.sample(sample));
  }

  /** Adds a source, at any time. Throws a RangeError for a name that is taken. */
  register(source: PressureSource): void {
    if ([...ownCauses, ...[...this.#readings.keys()].map(({ name }) => name)].includes(source.name))
      throw new RangeError(`There is a source of pressure named ${source.name} already.`);
    this.#readings.set(source, 0);
    if (this.#started) source.start?.();
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const source of this.#readings.keys()) source.start?.();
    this.eventLoop.start();
  }

  stop(): void {
    this.#started = false;
    this.eventLoop.stop();
    for (const source of this.#readings.keys()) source.stop?.();
  }

  /** Refusing requests has begun or ended. */
  onShedding(listener: (event: SheddingEvent) => void): Unsubscribe {
    return this.#events.add(listener);
  }

  /** Bodies find so much room from now on; where one finds none, it is looked again whether that is still so. */
  limitBodies(room: () => BodyRoom, lookAgain: () => void = () => undefined): void {
    this.#bodies.limit(room);
    this.#lookForRoom = lookAgain;
  }

  /** What the bodies that were let in hold of the memory, in bytes. */
  get bodyBytes(): number {
    return this.#bodies.heldBytes;
  }

  /** Whether to let this business request in; counts it. Probes do not ask. For one with a body ask `admitsBody`. */
  admits(kind: RequestKind): boolean {
    if (this.#refuses(kind)) return false;
    this.#counters.admit();
    return true;
  }

  /**
   * Whether to let a business request in that has a body, whose work is expected to take so many bytes of memory; counts
   * it. Undefined: no. The reservation is to be released when the work is over.
   */
  admitsBody(expectedBytes: number): BodyReservation | undefined {
    if (this.#refuses('with-body')) return undefined;
    const reservation = this.#bodies.admit(expectedBytes);
    if (reservation !== undefined) this.#counters.admit();
    return reservation;
  }

  /** Takes in what was measured of the event loop; `start()` does so every 20 ms. */
  sample(sample: DelaySample): void {
    this.#controller.sample(sample);
    this.#read(readingMs);
    this.#decide();
    this.#changePhase(sample);
    const event = this.#episode.advance(sample.spanMs, () => this.#figures(sample));
    if (event !== undefined) this.#events.publish(event);
  }

  get report(): OverloadReport {
    const { 'with-body': withBody, 'without-body': withoutBody } = this.#refusals;
    return {
      shedding: this.#episode.current,
      eventLoopDelayMs: rounded(this.eventLoop.currentMs),
      pressure: Object.fromEntries(this.#pressure().map(([name, reading]) => [name, rounded(reading)])),
      refusing: { 'with-body': rounded(withBody.share), 'without-body': rounded(withoutBody.share) },
      bodies: this.#bodies.report,
      ...this.#counters.counts,
    };
  }

  #refuseBody(): void {
    this.#counters.refuse(bodyCause);
    this.#lookForRoom();
  }

  #refuses(kind: RequestKind): boolean {
    if (kind === 'with-body' && this.#read(readingForBodyMs)) this.#decide();
    const { share, cause } = this.#refusals[kind];
    if (share === 0 || this.#random() >= share) return false;
    this.#counters.refuse(cause);
    return true;
  }

  /** Asks the sources, unless it has done so within this time. */
  #read(maxAgeMs: number): boolean {
    const now = performance.now();
    if (now - this.#readAt < maxAgeMs) return false;
    this.#readAt = now;
    for (const source of this.#readings.keys()) this.#readings.set(source, source.read());
    return true;
  }

  #decide(): void {
    this.#refusals = {
      'with-body': this.#refusal('with-body'),
      'without-body': this.#refusal('without-body'),
    };
  }

  /** The greatest share that anything calls for, and what. */
  #refusal(kind: RequestKind): Refusal {
    let most: Refusal = { cause: delayCause, share: this.#controller.share };
    for (const [name, reading] of this.#pressure()) {
      const share = pressureShare(reading, kind);
      if (share > most.share) most = { cause: name, share };
    }
    return most;
  }

  #changePhase(sample: DelaySample): void {
    const { phase } = this.#application;
    if (phase !== 'serving' && phase !== 'overloaded') return;
    const change = this.#sustained.sample(sample);
    if (change !== undefined)
      this.#application.enter(change.overloaded ? 'overloaded' : 'serving', change.cause);
  }

  #figures({ delayMs }: DelaySample): string {
    const readings = this.#pressure().map(
      ([name, reading]) => `${name} at ${String(Math.round(reading * 100))} %`,
    );
    return [`event loop delay ${String(Math.round(delayMs))} ms`, ...readings, ...this.#bodyFigures()].join(
      ', ',
    );
  }

  #bodyFigures(): string[] {
    const { heldBytes, limitBytes } = this.#bodies.report;
    if (limitBytes === null) return [];
    return [`request bodies hold ${megabytes(heldBytes)} of ${megabytes(limitBytes)} MB`];
  }

  #pressure(): (readonly [string, number])[] {
    return [...this.#readings].map(([{ name }, reading]) => [name, reading] as const);
  }
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
