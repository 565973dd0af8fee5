import { join } from 'node:path';
import { run } from '../../test/container/engine/command.ts';
import { root } from '../../test/container/engine/folders.ts';

/** A peer that Node runs as it runs the programs: compiled. */
export const peer = (name: string): string => join(root, 'dist/bench/peers', `${name}.mjs`);

/** Compiles the peers of node:cluster. */
export async function buildPeers(): Promise<void> {
  await run(join(root, 'node_modules/.bin/tsc'), ['--project', join(root, 'bench/peers')]);
}
