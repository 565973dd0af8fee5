// Brings up an engine, tells where it is, and neither ends nor disposes of it: for a test that kills it.
import { startPrivateEngine } from './private-engine.ts';
import { enginePrograms } from './programs.ts';

const engine = await startPrivateEngine(await enginePrograms());
process.stdout.write(`up ${engine.folder}\n`);
setInterval(() => undefined, 60_000);
