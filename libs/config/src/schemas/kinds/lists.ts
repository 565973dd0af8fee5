import { closest } from '../../closest.js';
import { kind, Refusal, type Kind } from './kind.js';
import { quote } from './quote.js';

/** The parts of a comma-separated list, trimmed, without empty ones and repetitions. */
export const splitList = (given: string): readonly string[] => [
  ...new Set(
    given
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
];

/** A list that names at least one of a few things. */
export const namesOf = <const T extends string>(things: string, names: readonly T[]): Kind<readonly T[]> =>
  kind(`a list of ${things}, out of ${names.join(', ')}`, (given) => {
    const parts = splitList(given);
    const known = parts.flatMap((part) => names.filter((name) => name === part));
    if (known.length === parts.length)
      return known.length > 0 ? known : new Refusal(`names none of ${names.join(', ')}`);
    const unknown = parts.filter((part) => !names.some((name) => name === part));
    const suggestion = unknown.length === 1 ? closest(unknown.join().toLowerCase(), names, 2) : undefined;
    return new Refusal(
      `names ${unknown.map(quote).join(' and ')}, but the ${things} are ${names.join(', ')}`,
      suggestion,
    );
  });
