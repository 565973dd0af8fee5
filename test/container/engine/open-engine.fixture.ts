// Opens an engine and prints what came of it, as JSON: for a test of places where there is none.
import { openEngine } from './open-engine.ts';

const engine = await openEngine();
process.stdout.write(`${JSON.stringify(engine)}\n`);
if (!('unavailable' in engine)) await engine[Symbol.asyncDispose]();
