import type { ExitCode } from './exit-code.js';

/** What sort of failure an error is; the HTTP layer derives the status from it. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'timeout'
  | 'conflict'
  | 'too_large'
  | 'unsupported_media_type'
  | 'unprocessable'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** One row of the registry that `docs/errors.md` explains. */
export interface ErrorDefinition {
  /** Stable, in snake_case; users' programs compare it. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** A short name of the failure that is the same for each occurrence. */
  readonly title: string;
  /** What the reader should do, as a sentence. */
  readonly advice: string;
  /** The exit code of a process that ends with this error; 70 where it is not named. */
  readonly exitCode?: ExitCode;
}

type Row = Omit<ErrorDefinition, 'code'>;

/** Makes a table of definitions whose codes are its keys. A lib defines its own table beside its errors. */
export function defineErrors<const Table extends Readonly<Record<string, Row>>>(
  table: Table,
): { readonly [Code in keyof Table]: ErrorDefinition } {
  const rows = Object.entries<Row>(table).map(([code, row]) => [code, Object.freeze({ code, ...row })]);
  return Object.freeze(Object.fromEntries(rows)) as { readonly [Code in keyof Table]: ErrorDefinition };
}
