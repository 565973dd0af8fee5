import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The packages that a module loads by its static imports, with those of the lib's own modules that it loads. */
function packagesOf(path: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const source = readFileSync(path, 'utf8');
  const statements = source.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm);
  return [...statements].flatMap(([, to = '']) =>
    to.startsWith('.') ? packagesOf(join(dirname(path), to.replace(/\.js$/, '.ts')), seen) : [to],
  );
}

describe('the door @app/config', () => {
  it('loads neither Nest nor Joi', () => {
    const packages = new Set(packagesOf(join(import.meta.dirname, 'index.ts')));
    expect([...packages].toSorted()).toEqual(['@app/errors', 'node:fs', 'node:path', 'node:util']);
  });
});
