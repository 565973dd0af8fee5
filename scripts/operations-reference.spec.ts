import { readFileSync } from 'node:fs';
import { shutdownSignals } from '@app/bootstrap';
import { failureReasons } from '@app/errors';
import { describe, expect, it } from 'vitest';

/** The first cells of the rows below a heading that are code. */
function firstCells(file: string, heading: string): string[] {
  const text = readFileSync(`${import.meta.dirname}/../docs/${file}`, 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, cell = '']) => cell);
}

describe('docs/operations.md', () => {
  it('says for each reason of a failure what to do', () => {
    expect(firstCells('operations.md', 'What to do for each reason')).toEqual([...failureReasons]);
  });
});

describe('docs/architecture.md', () => {
  it('has the signals of the shutdown in their order', () => {
    expect(firstCells('architecture.md', 'The shutdown')).toEqual([...shutdownSignals]);
  });
});
