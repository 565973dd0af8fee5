import { globSync, readFileSync } from 'node:fs';
import { type ErrorDefinition, exitCodes } from '@app/errors';
import { statusOf } from '@app/http';
import { beforeAll, describe, expect, it } from 'vitest';

const root = `${import.meta.dirname}/..`;

/** What `docs/errors.md` says of a code. */
interface Documented {
  readonly code: string;
  readonly title: string;
  readonly status: number | undefined;
  readonly exitCode: number | undefined;
  /** Stands in `rejected` of a 202, or of a report. */
  readonly inReport: boolean;
}

/** Every table of codes, found by its source and not by a list that could be forgotten. */
async function registry(): Promise<readonly ErrorDefinition[]> {
  const files = globSync('{apps,libs}/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.spec.ts') && !file.includes('node_modules'))
    .filter((file) => /= defineErrors\(/.test(readFileSync(`${root}/${file}`, 'utf8')));
  const modules: object[] = await Promise.all(
    files.map((file) => import(/* @vite-ignore */ `${root}/${file}`)),
  );
  return modules
    .flatMap((module): unknown[] => Object.values(module))
    .flatMap((table): unknown[] => (typeof table === 'object' && table !== null ? Object.values(table) : []))
    .filter((row): row is ErrorDefinition => isDefinition(row));
}

function isDefinition(row: unknown): row is ErrorDefinition {
  return typeof row === 'object' && row !== null && 'code' in row && 'kind' in row && 'advice' in row;
}

/** Reads the sections: the code as their heading, then a line of the title and of where the code is seen. */
function documented(): readonly Documented[] {
  const text = readFileSync(`${root}/docs/errors.md`, 'utf8');
  return [...text.matchAll(/^### (.+)\n\n(.+)\n/gm)].map(([, code = '', line = '']) => {
    const [, title = '', seen = ''] = /^\*\*(.+?)\.\*\* (.*)$/.exec(line) ?? [];
    const numberAfter = (word: string): number | undefined => {
      const found = new RegExp(`${word} (\\d+)`).exec(seen)?.[1];
      return found === undefined ? undefined : Number(found);
    };
    return {
      code,
      title,
      status: numberAfter('Status'),
      exitCode: numberAfter('Exit code'),
      inReport: seen.includes('In `rejected`') || seen.includes('In the report'),
    };
  });
}

describe('docs/errors.md', () => {
  let definitions: readonly ErrorDefinition[];
  beforeAll(async () => {
    definitions = await registry();
  });

  it('explains each code of the registry once, and no other', () => {
    const codes = (rows: readonly { code: string }[]): readonly string[] =>
      rows.map(({ code }) => code).toSorted();
    expect(codes(documented())).toEqual(codes(definitions));
  });

  it('has the title, the status and the exit code of each', () => {
    const described = documented().map(({ code, title, status, exitCode }) => ({
      code,
      title,
      status,
      exitCode,
    }));
    const expected = documented().map(({ code, status, exitCode }) => {
      const definition = definitions.find((row) => row.code === code);
      return {
        code,
        title: definition?.title,
        status: status === undefined || definition === undefined ? undefined : statusOf(definition.kind),
        exitCode: exitCode === undefined ? undefined : (definition?.exitCode ?? exitCodes.software),
      };
    });
    expect(described).toEqual(expected);
  });

  it('tells of each where it is seen', () => {
    const nowhere = documented().filter(
      ({ status, exitCode, inReport }) => status === undefined && exitCode === undefined && !inReport,
    );
    expect(nowhere).toEqual([]);
  });

  it('gives no status to a failure that answers never tell of', () => {
    const internal = new Set(definitions.filter(({ kind }) => kind === 'internal').map(({ code }) => code));
    const shown = documented().filter(({ status }) => status !== undefined);
    expect(shown.map(({ code }) => code).filter((code) => internal.has(code))).toEqual(['internal_error']);
  });

  it('tells of every exit code that the registry sets', () => {
    const silent = definitions.filter(
      (definition) =>
        definition.exitCode !== undefined &&
        !documented().some(({ code, exitCode }) => code === definition.code && exitCode !== undefined),
    );
    expect(silent).toEqual([]);
  });
});
