import { describe, expect, it } from 'vitest';
import { nodeFlags } from './node-flags.js';

describe('nodeFlags', () => {
  it('puts those of the command line behind those of NODE_OPTIONS', () => {
    const env = { NODE_OPTIONS: ' --max-old-space-size=128  --enable-source-maps' };
    expect(nodeFlags(env, ['--max-old-space-size=256'])).toEqual([
      '--max-old-space-size=128',
      '--enable-source-maps',
      '--max-old-space-size=256',
    ]);
  });

  it('is empty where there are none', () => {
    expect(nodeFlags({}, [])).toEqual([]);
  });
});
