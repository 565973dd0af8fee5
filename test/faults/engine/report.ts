const logLines = 60;

/** What a cell has measured, and what was wrong in it. */
export class Report {
  readonly problems: string[] = [];
  readonly #measured = new Map<string, string>();
  readonly #logs: string[] = [];

  problem(text: string): void {
    this.problems.push(text);
  }

  /** @param condition Whether it is as it should be. */
  expect(condition: boolean, otherwise: string): void {
    if (!condition) this.problem(otherwise);
  }

  /** Notes a duration in milliseconds, and a problem where it is above its bound. */
  within(what: string, ms: number, boundMs: number): void {
    this.note(what, `${String(Math.round(ms))} ms`);
    this.expect(
      ms <= boundMs,
      `${what}: ${String(Math.round(ms))} ms, more than the ${String(boundMs)} ms allowed`,
    );
  }

  note(what: string, value: string | number): void {
    this.#measured.set(what, String(value));
  }

  /** The errors and the end of a backend's log, for a cell with problems. */
  keepLog(text: string): void {
    const lines = text.trimEnd().split('\n');
    const errors = lines.slice(0, -logLines).filter((line) => line.includes('"level":"error"'));
    this.#logs.push('--- log of a backend', ...errors.slice(-logLines), ...lines.slice(-logLines));
  }

  get measured(): string {
    return [...this.#measured].map(([what, value]) => `${what} ${value}`).join(', ');
  }

  /** Empty where nothing was wrong; else also what was measured, and the logs. */
  get failure(): readonly string[] {
    return this.problems.length === 0 ? [] : [this.measured, ...this.problems, ...this.#logs];
  }
}
