import type { ErrorDefinition } from './error-definition.js';

export interface AppErrorOptions {
  /** What to do about it, where the definition's general advice can be made exact. */
  readonly advice?: string;
  /** Facts for programs: they go into the log and, unless the kind is `internal`, into the answer. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * An error with a stable code, and a message in two parts: what is wrong, and what to do.
 * Neither part may hold a secret; the cause is for the log alone.
 */
export class AppError extends Error {
  readonly definition: ErrorDefinition;
  /** What is wrong, as a sentence. */
  readonly detail: string;
  /** What to do about it, as a sentence. */
  readonly advice: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(definition: ErrorDefinition, detail: string, options: AppErrorOptions = {}) {
    const advice = options.advice ?? definition.advice;
    super(`${detail} ${advice}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.definition = definition;
    this.detail = detail;
    this.advice = advice;
    this.data = options.data ?? {};
  }

  get code(): string {
    return this.definition.code;
  }
}
