import { validationFailed } from './request-validation.js';

/**
 * The trades in the body of `POST /ticks`. Without a schema, as each trade is checked where it is taken, and thousands
 * of objects would be walked twice. Throws an AppError `validation_failed`.
 */
export function ticksOf(body: unknown): readonly unknown[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw validationFailed([{ detail: 'the body must be an object {"ticks": […]}' }]);
  }
  const { ticks, ...others } = body as { readonly ticks?: unknown };
  const mistakes = Object.keys(others).map((field) => ({ field, detail: `${field} is not allowed` }));
  if (Array.isArray(ticks) && mistakes.length === 0) return ticks;
  const missing = Array.isArray(ticks) ? [] : [{ field: 'ticks', detail: 'ticks must be an array' }];
  throw validationFailed([...missing, ...mistakes]);
}
