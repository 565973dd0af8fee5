// Runs an app of the monorepo, built when its source has changed: `node scripts/run-app.ts <app> [arguments]`.
import { build } from './build.ts';
import { root } from './sources.ts';

const [node = '', , app = '', ...rest] = process.argv;
const main = `${root}/dist/apps/${app}/src/main.js`;
build();
process.argv = [node, main, ...rest];
await import(main);
