import { AppError } from '@app/errors';

export interface SerializedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly detail?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
  readonly cause?: unknown;
  /** The parts of an AggregateError. */
  readonly errors?: readonly unknown[];
}

const maxDepth = 6;

/** An error as the log has it: its code, data, stack, and the chain of its causes. Other values pass as they are. */
export function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const serialized: SerializedError = {
    type: error.name,
    message: error.message,
    ...codeOf(error),
    ...(error instanceof AppError ? { detail: error.detail, data: error.data } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
  if (depth >= maxDepth) return serialized;
  return {
    ...serialized,
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause, depth + 1) }),
    ...(error instanceof AggregateError
      ? { errors: error.errors.map((part) => serializeError(part, depth + 1)) }
      : {}),
  };
}

function codeOf(error: Error): { code?: string } {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {};
}
