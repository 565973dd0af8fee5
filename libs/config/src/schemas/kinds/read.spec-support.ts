import { Refusal, type Kind } from './kind.js';

/** For specs: the value that a kind reads, or what it says against the text. */
export function read(kind: Kind<unknown>, given: string): unknown {
  const { error, value } = kind.schema.validate(given);
  if (error === undefined) return value;
  const refusal: unknown = error.details[0]?.context?.['refusal'];
  const { problem, suggestion } = refusal instanceof Refusal ? refusal : new Refusal();
  return refused(problem ?? kind.values, suggestion);
}

/** For specs: what `read` gives for a text that is refused. */
export const refused = (problem: string, suggestion?: string) => ({ refused: problem, suggestion });
