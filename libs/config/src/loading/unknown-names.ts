import { closest } from '../closest.js';
import type { Finding } from '../configuration-error.js';
import { fileExample } from './file-example.js';
import type { Layer } from './layers.js';

const bare = (name: string): string => name.toUpperCase().replaceAll('_', '');

// npm sets npm_*; Docker links and Kubernetes set NAME_PORT…, NAME_SERVICE_HOST and NAME_SERVICE_PORT… for each service.
function isSetByOthers(name: string, value: string): boolean {
  return (
    /^npm_/i.test(name) ||
    /_SERVICE_(?:HOST|PORT(?:_\w+)?)$/.test(name) ||
    /_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name) ||
    (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value))
  );
}

/** Finds the known name that an unknown one was probably meant to be. */
function nearMissFinder(known: readonly string[]): (name: string, letters: number) => string | undefined {
  const withFile = known.map((name) => `${name}_FILE`);
  const byBareName = new Map([...withFile, ...known].map((name) => [bare(name), name]));
  // Short names with _FILE are near to names that shells set, as HOST_FILE is to HISTFILE.
  const candidates = [...known, ...withFile.filter((name) => bare(name).length >= 12)].map(bare);
  return (name, letters) => {
    const given = bare(name);
    const exact = byBareName.get(given);
    if (exact !== undefined) return exact;
    const comparable = candidates.filter((candidate) => Math.max(candidate.length, given.length) >= 8);
    return byBareName.get(closest(given, comparable, letters) ?? '');
  };
}

/**
 * The names that are no variable of this program: in a file every one, in the process environment those that are
 * a near miss of a known one, since the rest belongs to others.
 * @param examples An assignment that is right, by the name of each variable.
 */
export function findUnknownNames(
  layers: readonly Layer[],
  examples: Readonly<Record<string, string>>,
): readonly Finding[] {
  const known = Object.keys(examples);
  const names = new Set(known.flatMap((name) => [name, `${name}_FILE`]));
  const nearMiss = nearMissFinder(known);
  return layers.flatMap(({ label, isFile, values }) =>
    Object.entries(values).flatMap(([name, value = '']): readonly Finding[] => {
      if (names.has(name) || (!isFile && (value === '' || isSetByOthers(name, value)))) return [];
      const problem = 'is not a variable of this program';
      const suggestion = nearMiss(name, isFile ? 3 : 2);
      if (suggestion === undefined) return isFile ? [{ variable: name, problem, source: label }] : [];
      const example = examples[suggestion] ?? fileExample(suggestion.replace(/_FILE$/, ''));
      return [{ variable: name, problem, suggestion, example, source: label }];
    }),
  );
}
