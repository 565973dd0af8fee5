import type { EventEmitter } from 'node:events';
import type { Clock } from '@app/lifecycle';
import type { ClientConfig } from 'pg';
import { type MemberState, PoolMember } from './pool-member.js';
import type { PoolOptions } from './pool.options.js';
import { PooledClient } from './pooled-client.js';
import type { WaitingLine } from './waiting-line.js';

/** What part of `timeoutMs` a connection that is tried has for its answer; the rest is for opening another. */
const pingShare = 0.5;

/** What has become of connections since the pool was made. */
export interface ConnectionCounts {
  readonly opened: number;
  /** Closed because of their age. */
  readonly recycled: number;
  /** Found dead, or opened before one that was. */
  readonly discarded: number;
  readonly prePings: number;
}

interface Surroundings {
  readonly config: ClientConfig;
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly random: () => number;
  readonly line: WaitingLine<PooledClient>;
  readonly events: EventEmitter;
}

/** Opens, tries, lends, takes back and closes the connections of a pool, for those who wait in its line. */
export class ConnectionSupply {
  readonly #around: Surroundings;
  /** All whose socket is not closed yet, so that none is opened beyond the bound while an old one says goodbye. */
  readonly #members = new Set<PoolMember>();
  /** The one that was used last is at the end. */
  readonly #idle: PoolMember[] = [];
  readonly #counts = { opened: 0, recycled: 0, discarded: 0, prePings: 0 };
  readonly #ended = Promise.withResolvers<void>();
  #isEnding = false;
  #generation = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get total(): number {
    return this.#members.size;
  }

  get idle(): number {
    return this.#idle.length;
  }

  get inUse(): number {
    return this.#count(({ isInUse }) => isInUse);
  }

  get counts(): ConnectionCounts {
    return this.#counts;
  }

  /** For how long the oldest one that is opened or tried has kept those who wait waiting, in milliseconds. */
  get preparesForMs(): number {
    const now = this.#around.clock.now();
    const since = [...this.#members].filter(({ isPreparing }) => isPreparing).map(({ since }) => since);
    return now - Math.min(now, ...since);
  }

  /** Lends idle connections to those who wait, and prepares as many as are still missing. */
  serve(): void {
    const { line, clock, options } = this.#around;
    while (line.length > 0) {
      const member = this.#idle.at(-1);
      if (member === undefined) break;
      const now = clock.now();
      const isExpired = member.isExpired(now);
      const isDoubtful = !isExpired && member.isDoubtful(now);
      if (isDoubtful && this.#preparing >= line.length) return;
      this.#idle.pop();
      if (isExpired) this.#recycle(member);
      else if (isDoubtful) void this.#ping(member);
      else this.#lend(member);
    }
    const max = options.size + options.maxOverflow;
    while (this.#members.size < max && this.#preparing < line.length) void this.#open();
  }

  /** Closes those that nobody uses, and resolves when all are closed. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#idle.length = 0;
    for (const member of this.#members) {
      if (member.state === 'opening') member.client.destroy();
      else if (member.state !== 'in use' && member.state !== 'closing') this.#close(member);
    }
    if (this.#members.size > 0) await this.#ended.promise;
  }

  /** Ends all at once. */
  destroy(): void {
    for (const { client } of this.#members) client.destroy();
  }

  async #open(): Promise<void> {
    const { config, options, clock, random, line, events } = this.#around;
    const client = new PooledClient(config, options);
    const member = new PoolMember(client, options, clock.now());
    this.#members.add(member);
    client.once('end', () => this.#gone(member));
    try {
      await client.open(options.timeoutMs);
    } catch (error) {
      this.#enter(member, 'closing');
      client.destroy();
      if (!line.fail(error) && !this.#isEnding) events.emit('error', error, client);
      return;
    }
    this.#counts.opened += 1;
    member.opened(this.#generation, clock.now(), random());
    client.on('error', (error: Error) => this.#lost(member, error));
    events.emit('connect', client);
    this.#offer(member);
  }

  async #ping(member: PoolMember): Promise<void> {
    this.#enter(member, 'pinging');
    this.#counts.prePings += 1;
    try {
      await member.client.ping(this.#around.options.timeoutMs * pingShare);
    } catch (error) {
      this.#lost(member, error);
      member.client.destroy();
      return;
    }
    this.#offer(member);
  }

  #recycle(member: PoolMember): void {
    this.#counts.recycled += 1;
    this.#close(member);
  }

  #lend(member: PoolMember): void {
    const { client } = member;
    this.#enter(member, 'in use');
    client.release = this.#releaseOnce(member);
    this.#around.events.emit('acquire', client);
    this.#around.line.give(client);
  }

  #releaseOnce(member: PoolMember): PooledClient['release'] {
    let isReleased = false;
    return (error) => {
      if (isReleased)
        throw new Error('Release called on client which has already been released to the pool.');
      isReleased = true;
      this.#around.events.emit('release', error, member.client);
      this.#takeBack(member, error);
    };
  }

  #takeBack(member: PoolMember, error: Error | boolean | undefined): void {
    // It was lost while it was in use.
    if (member.state !== 'in use') return;
    if (member.client.isDoomed) this.#lost(member);
    else if (error !== undefined && error !== false) this.#close(member);
    else if (member.client.isQuiet) this.#keep(member);
    else void this.#settle(member);
  }

  /** What its user has left on it comes to its end, or to its timeout, before another one gets it. */
  async #settle(member: PoolMember): Promise<void> {
    this.#enter(member, 'settling');
    await member.client.whenQuiet();
    if (member.state === 'settling') this.#keep(member);
  }

  /** One that has just been opened or tried. */
  #offer(member: PoolMember): void {
    if (this.#around.line.length > 0 && this.#accepts(member)) this.#lend(member);
    else this.#keep(member);
  }

  #keep(member: PoolMember): void {
    if (!this.#accepts(member)) return;
    this.#enter(member, 'idle');
    this.#idle.push(member);
    this.serve();
    const surplus = this.#idle.length > this.#around.options.size ? this.#idle.pop() : undefined;
    if (surplus !== undefined) this.#close(surplus);
  }

  /** Closes it if it cannot be given to anybody any more. */
  #accepts(member: PoolMember): boolean {
    const { client, generation } = member;
    if (client.isDoomed) this.#lost(member);
    else if (generation < this.#generation) this.#discard(member);
    else if (this.#isEnding || client.isInTransaction) this.#close(member);
    return member.state !== 'closing';
  }

  /** It has turned out dead, and all that were open by then are not to be trusted any more. */
  #lost(member: PoolMember, error?: unknown): void {
    const { client, state, isInUse, generation } = member;
    if (state === 'closing') return;
    this.#discard(member);
    if (generation === this.#generation) this.#distrustAll();
    // Whoever has it knows.
    if (!isInUse) this.#around.events.emit('error', error, client);
  }

  #distrustAll(): void {
    this.#generation += 1;
    for (const idle of this.#idle.splice(0)) if (idle.state === 'idle') this.#discard(idle);
  }

  #discard(member: PoolMember): void {
    this.#counts.discarded += 1;
    this.#close(member);
  }

  #close(member: PoolMember): void {
    this.#enter(member, 'closing');
    member.client.close();
  }

  #gone(member: PoolMember): void {
    this.#members.delete(member);
    this.#around.events.emit('remove', member.client);
    if (this.#isEnding && this.#members.size === 0) this.#ended.resolve();
    this.serve();
  }

  get #preparing(): number {
    return this.#count(({ isPreparing }) => isPreparing);
  }

  #count(has: (member: PoolMember) => boolean): number {
    let count = 0;
    for (const member of this.#members) if (has(member)) count += 1;
    return count;
  }

  #enter(member: PoolMember, state: MemberState): void {
    member.enter(state, this.#around.clock.now());
  }
}
