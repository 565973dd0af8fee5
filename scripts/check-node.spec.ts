import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, 'check-node.mjs');

function run(
  node: string,
  ...args: readonly string[]
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(node, [script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const versionOf = (node: string): string =>
  spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();

/** A Node on PATH that is older than this repository needs; machines without one skip its test. */
const oldNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => isExecutable(path) && /^v(?:1\d|2[0-5])\./.test(versionOf(path)));

describe('scripts/check-node.mjs', () => {
  it('says nothing under the Node that runs this', () => {
    expect(run(process.execPath)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it.each(['v26.0.0', 'v27.1.0', 'v100.0.0'])('takes %s', (version) => {
    expect(run(process.execPath, version)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it.each([
    ['v25.9.0', 'linux', 'x64'],
    ['v12.22.0', 'linux', 'arm64'],
  ])('names the dependency that brings a fitting Node along: %s on %s %s', (version, platform, arch) => {
    expect(run(process.execPath, version, platform, arch)).toEqual({
      status: 78,
      stdout: '',
      stderr:
        `This program needs Node.js 26 or later, but ${version} is running. The npm scripts bring a fitting one along as the optional ` +
        `dependency node-linux-${arch}, which is not in use: run "npm ci --include=optional" and start by "npm start" and the like.\n`,
    });
  });

  it('tells other systems to install a fitting Node', () => {
    expect(run(process.execPath, 'v22.1.0', 'darwin', 'arm64')).toEqual({
      status: 78,
      stdout: '',
      stderr:
        'This program needs Node.js 26 or later, but v22.1.0 is running. Install Node.js 26 from https://nodejs.org/ and start again.\n',
    });
  });

  it.skipIf(oldNode === undefined)('runs under an old Node and ends with 78', () => {
    const node = oldNode ?? '';
    expect(run(node)).toMatchObject({ status: 78, stdout: '' });
    expect(run(node).stderr).toContain(`needs Node.js 26 or later, but ${versionOf(node)} is running.`);
  });
});
