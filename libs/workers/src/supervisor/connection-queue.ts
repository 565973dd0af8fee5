/** Whom connections are given to. */
export interface ConnectionTaker<Connection> {
  give(id: number, connection: Connection): void;
}

interface Given<Connection> {
  readonly id: number;
  readonly connection: Connection;
}

/**
 * Gives each connection to the next taker in turn that has taken all it was given before; while there is none they wait
 * in the order they came. What a taker has been given and not taken when it goes is given to another, so a taker that is
 * stuck or dead holds up one connection at most.
 */
export class ConnectionQueue<Connection> {
  readonly #taken: (connection: Connection) => void;
  readonly #waiting: Connection[] = [];
  readonly #given = new Map<ConnectionTaker<Connection>, Given<Connection>>();
  /** In the order of their turns. */
  #takers: ConnectionTaker<Connection>[] = [];
  #lastId = 0;

  /** @param taken Lets go of a connection that a taker has. */
  constructor(taken: (connection: Connection) => void) {
    this.#taken = taken;
  }

  /** How many connections no one has been given. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** From now on these have their turns; others keep what they were given. */
  setTakers(takers: readonly ConnectionTaker<Connection>[]): void {
    const kept = this.#takers.filter((taker) => takers.includes(taker));
    this.#takers = [...kept, ...takers.filter((taker) => !kept.includes(taker))];
    this.#giveOut();
  }

  offer(connection: Connection): void {
    this.#waiting.push(connection);
    this.#giveOut();
  }

  /** The taker has the connection of this number. */
  took(taker: ConnectionTaker<Connection>, id: number): void {
    const given = this.#given.get(taker);
    if (given?.id !== id) return;
    this.#given.delete(taker);
    this.#taken(given.connection);
    this.#giveOut();
  }

  /** The taker is gone. */
  lost(taker: ConnectionTaker<Connection>): void {
    const given = this.#given.get(taker);
    this.#given.delete(taker);
    this.#takers = this.#takers.filter((other) => other !== taker);
    if (given !== undefined) this.#waiting.unshift(given.connection);
    this.#giveOut();
  }

  /** Lets go of all that wait. */
  drop(): void {
    for (const connection of this.#waiting.splice(0)) this.#taken(connection);
  }

  #giveOut(): void {
    while (this.#waiting.length > 0) {
      const turn = this.#takers.findIndex((taker) => !this.#given.has(taker));
      const [taker] = turn < 0 ? [] : this.#takers.splice(turn, 1);
      const connection = taker && this.#waiting.shift();
      if (taker === undefined || connection === undefined) return;
      this.#takers.push(taker);
      const id = (this.#lastId += 1);
      this.#given.set(taker, { id, connection });
      taker.give(id, connection);
    }
  }
}
