/** The account that a body's memory is taken from. */
export interface BodyAccount {
  /** Makes a body hold so many bytes in all; false where there is no room for more than it holds. */
  hold(reservation: BodyReservation, bytes: number): boolean;
  /** From now on it holds no more than it has said to need. */
  settled(reservation: BodyReservation): void;
  /** Whether so many bytes can find room at some time. */
  everFits(bytes: number): boolean;
}

/** What Node takes for any request with a body, however small, and for its answer; in bytes. */
export const requestBytes = 16_384;

/** What a body holds of the memory, from the headers of its request to the end of the work on it. Sizes are in bytes. */
export class BodyReservation {
  /** When it came, on the budget's clock. */
  readonly since: number;
  readonly #account: BodyAccount;
  #held = 0;
  #needed = requestBytes;
  #released = false;

  constructor(account: BodyAccount, since: number) {
    this.#account = account;
    this.since = since;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** What has arrived of it takes this. False: there is no room for it any more. */
  arrived(bytes: number): boolean {
    this.#needed = requestBytes + bytes;
    return this.#needed <= this.#held || this.#hold(this.#needed);
  }

  /** It has come whole, and with the work on it takes this. `never`: there is room for so much at no time. */
  settle(bytes: number): 'held' | 'no-room' | 'never' {
    this.#account.settled(this);
    this.#needed = requestBytes + bytes;
    if (!this.#account.everFits(this.#needed)) return 'never';
    return this.#hold(this.#needed) ? 'held' : 'no-room';
  }

  /** To be called when it is admitted. */
  expect(bytes: number): boolean {
    return this.#hold(requestBytes + bytes);
  }

  /** Holds no more than is needed by now. */
  shrink(): void {
    if (this.#needed < this.#held) this.#hold(this.#needed);
  }

  /** Gives back what it holds, once and for all. */
  release(): void {
    this.#account.settled(this);
    this.#hold(0);
    this.#released = true;
  }

  #hold(bytes: number): boolean {
    if (this.#released || !this.#account.hold(this, bytes)) return false;
    this.#held = bytes;
    return true;
  }
}
