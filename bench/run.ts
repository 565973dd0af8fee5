// Runs the benches that are named, or all: `node bench/run.ts [name]…`.
import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

interface BenchModule {
  /** Measures and prints. */
  run(): Promise<void>;
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const known = globSync('*/bench.ts', { cwd: folder })
  .map((file) => basename(dirname(file)))
  .toSorted();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. Name one or more of: ${known.join(', ')}.`);
  process.exit(64);
}
for (const name of asked.length > 0 ? asked : known) {
  const bench = (await import(`./${name}/bench.ts`)) as BenchModule;
  await bench.run();
}
