// Says what to do where the running Node is too old for this repository, and ends with 78 then. It is itself
// written for Node 12, since an old Node is the very one that must understand it.
// Usage: node scripts/check-node.mjs [VERSION PLATFORM ARCH], which look at another Node than the running one.
import { readFileSync } from 'fs';

const [, , version = process.version, platform = process.platform, arch = process.arch] = process.argv;
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const majorOf = (text) => Number(/\d+/.exec(text)[0]);
const needed = majorOf(manifest.engines.node);
const bundled = 'node-' + platform + '-' + arch;

function advice() {
  if (!(bundled in (manifest.optionalDependencies || {}))) {
    return 'Install Node.js ' + needed + ' from https://nodejs.org/ and start again.';
  }
  return (
    'The npm scripts bring a fitting one along as the optional dependency ' +
    bundled +
    ', which is not in use: run "npm ci --include=optional" and start by "npm start" and the like.'
  );
}

if (majorOf(version) < needed) {
  console.error(
    'This program needs Node.js ' + needed + ' or later, but ' + version + ' is running. ' + advice(),
  );
  process.exitCode = 78;
}
