import joi from 'joi';
import { parseInteger } from '../../integer.js';
import { closest } from '../../closest.js';
import { kind, Refusal, type Kind } from './kind.js';

const controlCharacter = /\p{Cc}/u;

/** A single line. */
export const text = (values = 'text'): Kind<string> =>
  kind(values, (given) =>
    controlCharacter.test(given) ? new Refusal('holds a line break or another control character') : given,
  );

/** A yes or no. */
export const flag = (): Kind<boolean> => ({
  values: 'true or false (also 1/0, yes/no, on/off)',
  schema: joi.boolean().truthy('1', 'yes', 'on').falsy('0', 'no', 'off'),
});

function readInteger(given: string, min: number, max: number): number | Refusal {
  const number = parseInteger(given);
  return number !== undefined && number >= min && number <= max ? number : new Refusal();
}

/** A whole number within bounds, both of which belong to it. */
export const integer = (min: number, max: number): Kind<number> =>
  kind(`a whole number from ${min} to ${max}`, (given) => readInteger(given, min, max));

function probableChoice(given: string, choices: readonly string[]): string | undefined {
  const lower = given.toLowerCase();
  const abbreviated = choices.find((choice) => lower.length >= 3 && choice.startsWith(lower));
  return (
    choices.find((choice) => choice === lower) ??
    abbreviated ??
    closest(lower, choices, given.length < 5 ? 0 : 2)
  );
}

/** One word of a few. */
export const choice = <const T extends string>(...choices: readonly T[]): Kind<T> =>
  kind(
    `one of ${choices.join(', ')}`,
    (given) => choices.find((one) => one === given) ?? new Refusal(undefined, probableChoice(given, choices)),
  );

/** A whole number within bounds, or one word. */
export const integerOr = <const T extends string>(min: number, max: number, word: T): Kind<number | T> =>
  kind(`a whole number from ${min} to ${max}, or ${word}`, (given) =>
    given === word ? word : readInteger(given, min, max),
  );
