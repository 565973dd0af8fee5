import { setTimeout as delay } from 'node:timers/promises';
import { DatastoreError } from '@app/errors';
import type { Clock } from '@app/lifecycle';
import type { Instrument } from './instrument.js';

type Found = ReadonlyMap<string, Instrument>;

/** How long a change made through another process may go unseen, in milliseconds. */
const freshForMs = 1_000;

/** How long a reading is waited for while what is known would do, in milliseconds. */
const patienceMs = 250;

interface Entry {
  readonly instrument: Instrument;
  staleAt: number;
}

/**
 * The instruments that trades came for. A feed must not stop for an outage of the reference data: while reading
 * fails with a DatastoreError, or hangs, known instruments are given out as they were last seen.
 */
export class InstrumentCache {
  readonly #read: (symbols: readonly string[]) => Promise<Found>;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #readings = new Map<string, Promise<Found>>();

  constructor(read: (symbols: readonly string[]) => Promise<Found>, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** Those of the instruments that exist. Throws what reading throws, unless all of them are known. */
  async get(symbols: readonly string[]): Promise<Found> {
    const found = new Map<string, Instrument>();
    const due: string[] = [];
    for (const symbol of symbols) {
      const entry = this.#entries.get(symbol);
      if (entry !== undefined) found.set(symbol, entry.instrument);
      if (entry === undefined || entry.staleAt <= this.#clock.now()) due.push(symbol);
    }
    if (due.length === 0) return found;

    const readings = this.#readingsOf(due);
    const answers = found.size === symbols.length ? await patiently(readings) : await Promise.all(readings);
    if (answers === undefined) this.#putOff(due);
    else for (const symbol of due) replace(found, symbol, answers);
    return found;
  }

  /** The instrument has changed: those who ask from now on get nothing that was read before. */
  forget(symbol: string): void {
    this.#entries.delete(symbol);
    this.#readings.delete(symbol);
  }

  /** One reading for those symbols that are not being read already, and the readings of the others. */
  #readingsOf(symbols: readonly string[]): Promise<Found>[] {
    const unread = symbols.filter((symbol) => !this.#readings.has(symbol));
    if (unread.length > 0) {
      const reading: Promise<Found> = this.#read(unread)
        .then((answer) => {
          for (const symbol of this.#stillReading(unread, reading)) this.#keep(symbol, answer.get(symbol));
          return answer;
        })
        .finally(() => {
          for (const symbol of this.#stillReading(unread, reading)) this.#readings.delete(symbol);
        });
      for (const symbol of unread) this.#readings.set(symbol, reading);
    }
    return [...new Set(symbols.map((symbol) => this.#readings.get(symbol)))].filter(
      (reading) => reading !== undefined,
    );
  }

  #stillReading(symbols: readonly string[], reading: Promise<Found>): string[] {
    return symbols.filter((symbol) => this.#readings.get(symbol) === reading);
  }

  /** Unknown symbols are not kept: they would fill the memory, and may be created at any time. */
  #keep(symbol: string, instrument: Instrument | undefined): void {
    if (instrument === undefined) this.#entries.delete(symbol);
    else this.#entries.set(symbol, { instrument, staleAt: this.#clock.now() + freshForMs });
  }

  #putOff(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const entry = this.#entries.get(symbol);
      if (entry !== undefined) entry.staleAt = this.#clock.now() + freshForMs;
    }
  }
}

function replace(found: Map<string, Instrument>, symbol: string, answers: readonly Found[]): void {
  const instrument = answers.find((answer) => answer.has(symbol))?.get(symbol);
  if (instrument === undefined) found.delete(symbol);
  else found.set(symbol, instrument);
}

/** The answers, or undefined when the datastore does not give them soon. */
async function patiently(readings: readonly Promise<Found>[]): Promise<Found[] | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      Promise.all(readings),
      delay(patienceMs, undefined, { signal: timer.signal }),
    ]);
  } catch (error) {
    if (error instanceof DatastoreError) return undefined;
    throw error;
  } finally {
    timer.abort();
  }
}
