import { readFileSync } from 'node:fs';

/** The text of a file, or the code of Node's error for it, such as `ENOENT`. */
export type ReadText = { readonly text: string } | { readonly code: string };

/** Reads a small file at once: nothing else happens yet while the environment is read. */
export function readText(path: string): ReadText {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? String(error.code) : 'unknown' };
  }
}

const explanations: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['EACCES', 'may not be read by this user'],
  ['EISDIR', 'is a folder'],
]);

/** A predicate for a file that cannot be read, such as "does not exist". */
export const explainUnreadable = (code: string): string =>
  explanations.get(code) ?? `cannot be read (${code})`;
