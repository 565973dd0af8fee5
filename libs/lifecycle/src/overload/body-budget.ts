import { type BodyAccount, BodyReservation } from './body-reservation.js';
import { type BodyRoom, unlimitedRoom } from './body-room.js';

/** As `detailed` shows it, in bytes. */
export interface BodyBudgetReport {
  readonly heldBytes: number;
  /** What all bodies may hold together; null where nothing bounds it. */
  readonly limitBytes: number | null;
}

/**
 * So long a body on its way holds what it is expected to take, in milliseconds; after that only what has arrived. That
 * is enough for whoever sends as fast as networks within a data centre are, and who sends slowly keeps nobody out.
 */
const promiseMs = 1_000;

/** One body counts as alone while the others hold less than this part of what all may hold. */
const hardlyAny = 1 / 8;

/**
 * The memory for the bodies of requests, while they are received, parsed and worked on. What is measured of the heap
 * comes too late for them: between two measurements more can be let in than a small heap has left. So each of them holds
 * what it takes at most, and one that finds no room is refused, mostly before any of it is read.
 */
export class BodyBudget {
  readonly #refused: () => void;
  readonly #now: () => number;
  /** Those that may hold more than they need by now, as they came. */
  readonly #promised = new Set<BodyReservation>();
  readonly #account: BodyAccount = {
    hold: (reservation, bytes) => this.#hold(reservation, bytes),
    settled: (reservation) => this.#promised.delete(reservation),
    everFits: (bytes) => bytes <= this.#room().ever,
  };
  #room: () => BodyRoom = () => unlimitedRoom;
  #held = 0;

  /** @param refused Is called for each body that finds no room. */
  constructor(refused: () => void = () => undefined, now = () => performance.now()) {
    this.#refused = refused;
    this.#now = now;
  }

  /** From now on bodies find this room. */
  limit(room: () => BodyRoom): void {
    this.#room = room;
  }

  get heldBytes(): number {
    return this.#held;
  }

  get report(): BodyBudgetReport {
    const { together } = this.#room();
    return { heldBytes: this.#held, limitBytes: Number.isFinite(together) ? Math.floor(together) : null };
  }

  /** Lets a body in that is expected to take so many bytes of memory; undefined where it finds no room. */
  admit(expectedBytes: number): BodyReservation | undefined {
    const reservation = new BodyReservation(this.#account, this.#now());
    if (!reservation.expect(expectedBytes)) return undefined;
    this.#promised.add(reservation);
    return reservation;
  }

  #hold(reservation: BodyReservation, bytes: number): boolean {
    if (bytes > reservation.heldBytes && !this.#fits(reservation, bytes)) {
      this.#breakPromises();
      if (!this.#fits(reservation, bytes)) {
        this.#refused();
        return false;
      }
    }
    this.#held += bytes - reservation.heldBytes;
    return true;
  }

  #fits({ heldBytes }: BodyReservation, bytes: number): boolean {
    const { together, alone } = this.#room();
    const others = this.#held - heldBytes;
    return others + bytes <= (others < together * hardlyAny ? alone : together);
  }

  /** Only where room is wanted: who needs more time may take it while nobody else has to wait. */
  #breakPromises(): void {
    const before = this.#now() - promiseMs;
    for (const reservation of this.#promised) {
      if (reservation.since > before) return;
      this.#promised.delete(reservation);
      reservation.shrink();
    }
  }
}
