import { dirname } from 'node:path';

/** The log files that cannot be written now. Those of one folder mostly fail together, which is one problem. */
export class LogOutages {
  readonly #problems = new Map<string, string>();

  /** Returns whether the problem is a new one: no other file of the folder has it. */
  begins(target: string, error: unknown): boolean {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const problem = `${code} ${dirname(target)}`;
    const known = [...this.#problems.values()].includes(problem);
    this.#problems.set(target, problem);
    return !known;
  }

  ends(target: string): void {
    this.#problems.delete(target);
  }
}
