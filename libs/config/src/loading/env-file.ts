import { parseEnv } from 'node:util';

/** What an `.env` file holds, and what is wrong with it as a file. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly problems: readonly string[];
}

// Stricter than Node's parser, which passes over what it cannot read and cuts an unquoted value at any #.
const name = String.raw`^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=`;
const value = String.raw`[ ]*(?:'[^']*'|"[^"]*"|${'`[^`]*`'}|[^\s'"${'`'}#][^\r\n#]*)?`;
const comment = String.raw`[ \t]*(?:(?<=[\s=])#[^\r\n]*)?\r?$`;
const assignment = new RegExp(name + value + comment, 'gm');

const isContent = (line: string): boolean => !/^\s*(?:#|$)/.test(line);

function malformedLines(text: string): readonly string[] {
  const rest = text.replaceAll(assignment, (match) => match.replaceAll(/[^\n]/g, ''));
  return rest
    .split('\n')
    .flatMap((line, index) =>
      isContent(line)
        ? [
            `line ${index + 1} is not NAME=value; a value that holds quotes or # stands in quotes of another sort`,
          ]
        : [],
    );
}

function repeatedNames(names: readonly string[]): readonly string[] {
  const repeated = names.filter((one, index) => names.indexOf(one) !== index);
  return [...new Set(repeated)].map((one) => `${one} is set more than once`);
}

/** Reads the text of an `.env` file. No problem quotes a line, which may hold a secret. */
export function parseEnvFile(content: string): EnvFile {
  const text = content.replace(/^\uFEFF/, '');
  const matches = [...text.matchAll(assignment)];
  return {
    values: Object.fromEntries(matches.flatMap(([whole]) => Object.entries(parseEnv(whole)))),
    problems: [...malformedLines(text), ...repeatedNames(matches.map((match) => match[1] ?? ''))],
  };
}
