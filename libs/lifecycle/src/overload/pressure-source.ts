/** Something that the process can run out of, as memory. Requests are refused before it does. */
export interface PressureSource {
  /** As `detailed` shows it, in snake_case. */
  readonly name: string;
  /**
   * How much of it is used: 0 nothing, 1 all of it; more is possible. What is free again by itself, as garbage, does
   * not count. It is asked up to 200 times a second, so it must be cheap.
   */
  read(): number;
  /** Begins to measure. */
  start?(): void;
  stop?(): void;
}
