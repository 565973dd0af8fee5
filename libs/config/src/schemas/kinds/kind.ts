import joi, { type AnySchema } from 'joi';

/** What the values of a variable look like. */
export interface Kind<T> {
  readonly schema: AnySchema<T>;
  /** The values in words: it follows "is not" in a mistake and stands in the reference. */
  readonly values: string;
}

/** Why a text is refused, where "is not <values>" would say too little. Never holds the text of a secret. */
export class Refusal {
  constructor(
    readonly problem?: string,
    readonly suggestion?: string,
  ) {}
}

/** The type of Joi's error for a Refusal, which lies in the error's context. */
export const refusalType = 'config.refused';

/** Makes a kind out of a function that reads the text of a variable. */
export function kind<T>(values: string, parse: (text: string) => T | Refusal): Kind<T> {
  const schema = joi.any<T>().custom((text: unknown, helpers) => {
    const result = parse(String(text));
    return result instanceof Refusal ? helpers.error(refusalType, { refusal: result }) : result;
  });
  return { values, schema };
}
