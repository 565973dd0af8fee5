/** A problem that a check before serving has found. */
export interface PreflightFinding {
  /** Stable, in snake_case. */
  readonly code: string;
  /** An error ends the start with 78; a warning is logged. */
  readonly severity: 'error' | 'warning';
  /** What is wrong. */
  readonly detail: string;
  /** What to do. */
  readonly advice: string;
}

/** A check that must pass before serving. The signal aborts when the time for the start is over. */
export interface PreflightCheck {
  readonly name: string;
  run(signal: AbortSignal): Promise<readonly PreflightFinding[]>;
}

/** Where a module registers what must pass before serving. */
export class PreflightChecks {
  readonly #checks: PreflightCheck[] = [];

  register(check: PreflightCheck): void {
    this.#checks.push(check);
  }

  get all(): readonly PreflightCheck[] {
    return this.#checks;
  }
}
