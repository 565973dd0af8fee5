// Keeps an engine with its images for a developer's loop: `node test/container/engine/keep.ts`. It prints lines to
// source in a shell, where the tests then find the engine, and stays until it is told to stop.
import { once } from 'node:events';
import { openEngine } from './index.ts';

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const began = performance.now();
const engine = await openEngine((what) => process.stderr.write(`${what}\n`));
if ('unavailable' in engine) {
  process.stderr.write(`${engine.unavailable}\n`);
  process.exitCode = 69;
} else {
  const variables = { ...engine.env, ENGINE_HOST: engine.host, ...engine.images };
  for (const [name, value] of Object.entries(variables)) {
    process.stdout.write(`export ${name}=${quoted(value)}\n`);
  }
  process.stderr.write(
    `Ready after ${String(Math.round((performance.now() - began) / 100) / 10)} s; Ctrl-C ends it\n`,
  );
  // Something must hold the process.
  const hold = setInterval(() => undefined, 60_000);
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  clearInterval(hold);
  await engine[Symbol.asyncDispose]();
}
