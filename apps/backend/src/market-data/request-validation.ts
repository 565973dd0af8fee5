import { AppError, coreErrors } from '@app/errors';
import { StandardSchemaValidationPipe } from '@nestjs/common';

/** What is wrong with a field of a request. */
export interface FieldMistake {
  /** Its path, as `ticks` or `name`; missing where the whole body or query is meant. */
  readonly field?: string;
  readonly detail: string;
}

/** A body can have as many wrong fields as fit into it. */
const mistakesShown = 20;
const longestText = 200;

/** The error of a request with these mistakes; `errors` in the answer lists them. */
export function validationFailed(mistakes: readonly FieldMistake[]): AppError {
  const errors = mistakes.slice(0, mistakesShown);
  const details = errors.map((mistake) => mistake.detail).join('; ');
  const more = mistakes.length - errors.length;
  return new AppError(
    coreErrors.validation_failed,
    `The request is wrong: ${details}${more > 0 ? `; and ${String(more)} more mistakes` : ''}.`,
    { data: { errors } },
  );
}

/** Checks the parameters that have a schema, as `@Body({ schema })`. Throws an AppError `validation_failed`. */
export const requestValidation = new StandardSchemaValidationPipe({
  validateOptions: { libraryOptions: { abortEarly: false, errors: { wrap: { label: false } } } },
  exceptionFactory: (issues) =>
    validationFailed(
      issues.map(({ path = [], message }) => ({
        ...(path.length === 0 ? {} : { field: shortened(path.map(String).join('.')) }),
        detail: shortened(message),
      })),
    ),
});

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
