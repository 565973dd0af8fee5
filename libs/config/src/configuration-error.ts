import { AppError, coreErrors } from '@app/errors';

/** One thing that is wrong or doubtful in the environment. It never holds the value of a secret. */
export interface Finding {
  /** The variable, or the file where the mistake is no single variable's. */
  readonly variable: string;
  /** What is wrong, to be read after the variable's name and a colon. */
  readonly problem: string;
  /** An assignment that would be right, such as `PORT=8000`. */
  readonly example?: string;
  /** What was probably meant: a variable's name or a value. */
  readonly suggestion?: string;
  /** Where the wrong value stands. */
  readonly source?: string;
}

/** The environment cannot work: everything that is wrong with it, and what is doubtful besides. */
export class ConfigurationError extends AppError {
  readonly mistakes: readonly Finding[];
  readonly warnings: readonly Finding[];

  constructor(mistakes: readonly Finding[], warnings: readonly Finding[]) {
    const names = [...new Set(mistakes.map(({ variable }) => variable))];
    super(coreErrors.configuration_invalid, `The configuration cannot work because of ${names.join(', ')}.`, {
      data: { mistakes, warnings },
    });
    this.mistakes = mistakes;
    this.warnings = warnings;
  }
}
