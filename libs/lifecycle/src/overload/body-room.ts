/** What the bodies of requests may take of the memory, in bytes. */
export interface BodyRoom {
  /** All of them together. */
  readonly together: number;
  /** One, while hardly any other is held. */
  readonly alone: number;
  /** One, when besides nothing lives but the application. */
  readonly ever: number;
}

export const unlimitedRoom: BodyRoom = { together: Infinity, alone: Infinity, ever: Infinity };
