// Keeps one engine: brings it up, says so on standard output, and undoes everything when standard input ends, which
// the kernel brings about however the starter ends. Run by `private-engine.ts`.
import { once } from 'node:events';
import { claim, removeTraces } from './leftovers.ts';
import { isolatedEngine } from './isolated-engine.ts';
import type { KeeperOrder, KeeperReport } from './keeper-protocol.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as KeeperOrder;
const tell = (report: KeeperReport) => process.stdout.write(`${JSON.stringify(report)}\n`);
// The starter may be gone before it reads.
process.stdout.on('error', () => undefined);
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const)
  process.on(signal, () => process.stdin.destroy());

const starterGone = once(process.stdin.resume(), 'close');
await claim(order.folder);
const engine = await isolatedEngine(order);
const up = await Promise.race([engine.up, starterGone.then(() => undefined)]);
if (up !== undefined) tell(up);
if (up === undefined || !('failed' in up)) await starterGone;
await engine.kill();
await removeTraces(order.folder);
