import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from './import-rules.ts';

/** The folder of the checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Every TypeScript file of the apps and libs. */
export function sourceFiles(): SourceFile[] {
  return globSync(['apps/**/*.ts', 'libs/**/*.ts', 'test/**/*.ts'], { cwd: root })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
}
