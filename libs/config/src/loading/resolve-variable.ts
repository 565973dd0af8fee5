import { resolve } from 'node:path';
import type { Finding } from '../configuration-error.js';
import { fileExample } from './file-example.js';
import type { Layer } from './layers.js';
import { explainUnreadable, readText } from './read-text.js';

/** What the layers say about a variable. */
export type Resolution =
  | { readonly kind: 'given'; readonly text: string; readonly source: string }
  | { readonly kind: 'mistake'; readonly mistake: Finding }
  | { readonly kind: 'empty-file'; readonly source: string }
  | { readonly kind: 'unset' };

interface Surroundings {
  readonly layers: readonly Layer[];
  /** Where relative paths in `NAME_FILE` start. */
  readonly directory: string;
  /** The path of a secret's file is not quoted: the secret itself may stand there by mistake. */
  readonly secret: boolean;
}

function fromFile(
  name: string,
  path: string,
  label: string,
  { directory, secret }: Surroundings,
): Resolution {
  const read = readText(resolve(directory, path));
  if ('code' in read) {
    const file = secret ? 'a file' : `the file ${JSON.stringify(path)}`;
    const problem = `names ${file} that ${explainUnreadable(read.code)}`;
    return {
      kind: 'mistake',
      mistake: { variable: `${name}_FILE`, problem, example: fileExample(name), source: label },
    };
  }
  const text = read.text.replace(/\r?\n$/, '');
  const source = `${name}_FILE in ${label}`;
  return text === '' ? { kind: 'empty-file', source } : { kind: 'given', text, source };
}

function fromLayer(name: string, { label, values }: Layer, surroundings: Surroundings): Resolution {
  // An empty value means unset, so that a Compose file can pass on variables that may not be set.
  const text = values[name] ?? '';
  const path = values[`${name}_FILE`] ?? '';
  if (text !== '' && path !== '') {
    const problem = `is given together with ${name}_FILE; keep one of them`;
    return {
      kind: 'mistake',
      mistake: { variable: name, problem, example: fileExample(name), source: label },
    };
  }
  if (path !== '') return fromFile(name, path, label, surroundings);
  return text === '' ? { kind: 'unset' } : { kind: 'given', text, source: label };
}

/** Finds a variable in the strongest layer that sets it, by itself or through `NAME_FILE`. */
export function resolveVariable(name: string, surroundings: Surroundings): Resolution {
  const found = surroundings.layers.map((layer) => fromLayer(name, layer, surroundings));
  return (
    found.find(({ kind }) => kind === 'given' || kind === 'mistake') ??
    found.find(({ kind }) => kind === 'empty-file') ?? { kind: 'unset' }
  );
}
