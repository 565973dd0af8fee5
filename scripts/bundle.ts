// Bundles the built apps and their dependencies into `dist/production`, which needs no node_modules:
// `node scripts/bundle.ts`. VERSION and COMMIT in the environment name the build.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { build } from './build.ts';
import { root } from './sources.ts';

const production = join(root, 'dist/production');

const programs = {
  backend: 'dist/apps/backend/src/main.js',
  'db-init': 'dist/apps/db-init/src/main.js',
  cli: 'dist/apps/cli/src/operator/main.js',
};

/** The operator's commands that the image has on PATH. */
const commands = ['healthcheck', 'validate-config', 'check-db-status', 'doctor', 'token', 'import-ticks'];

/** Packages that a dependency uses only where they are installed. */
const optional = new Set([
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/swagger',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
  'pg-native',
  'supports-color',
]);

const packageOf = (id: string): string => id.split('/', id.startsWith('@') ? 2 : 1).join('/');

/** An optional package throws what Node throws for one that is not installed. */
const optionalPackages: Plugin = {
  name: 'optional-packages',
  resolveId: (id) => (optional.has(packageOf(id)) ? `\0missing:${id}` : null),
  load: (id) =>
    id.startsWith('\0missing:')
      ? `throw Object.assign(new Error(${JSON.stringify(`Cannot find module '${id.slice(9)}'`)}), { code: 'MODULE_NOT_FOUND' });`
      : null,
};

/** An `import` of a module of Node reads each of its exports, which loads the lazy ones (fetch among them): 31 ms. */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  // The bundler's own runtime comes before everything, these modules among it.
  resolveId: {
    order: 'pre',
    handler: (id, importer) =>
      isBuiltin(id) && importer?.startsWith('\0rolldown') !== true ? `\0builtin:${id}` : null,
  },
  load: (id) =>
    id.startsWith('\0builtin:')
      ? {
          code: `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(9))});`,
          moduleType: 'js',
        }
      : null,
};

/** Some packages of Nest hide from bundlers what they require: it would be loaded from node_modules, or be missing. */
const openRequires: Plugin = {
  name: 'open-requires',
  transform: {
    filter: { id: /\/@nestjs\/(terminus|typeorm)\// },
    handler: (code) => ({
      code: code.replace('const require = createRequire(import.meta.url);', ''),
      map: null,
    }),
  },
};

/** The compiler's source maps, so that a stack trace names the TypeScript. */
const compilerMaps: Plugin = {
  name: 'compiler-maps',
  load: {
    filter: { id: /\/dist\/(apps|libs)\// },
    handler: async (id) => ({ code: await readFile(id, 'utf8'), map: await readFile(`${id}.map`, 'utf8') }),
  },
};

/** A stack trace is to name the project's source; the maps of the dependencies are seven times as large. */
const ownMapsOnly: Plugin = {
  name: 'own-maps-only',
  transform: { filter: { id: /\/node_modules\// }, handler: (code) => ({ code, map: { mappings: '' } }) },
};

const output: OutputOptions = {
  dir: production,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: { groups: [{ name: 'builtins', test: /^\0builtin:/ }] },
  // Nest's decorators want reflect-metadata before them, in whichever chunk either is.
  strictExecutionOrder: true,
  // Node is silent of deprecations in node_modules; the bundle holds the same code (InfluxDB's client, url.parse).
  banner: ({ isEntry }) =>
    isEntry ? '#!/usr/bin/env -S node --enable-source-maps --disable-warning=DEP0169' : '',
  keepNames: true,
  minify: { compress: true, mangle: { keepNames: true }, codegen: true },
  sourcemap: true,
  sourcemapExcludeSources: true,
  // As if the sources lay beside the bundle: a trace names `libs/…` and not a folder of the machine that built it.
  sourcemapPathTransform: (source, map) =>
    relative(dirname(map), join(production, relative(root, join(dirname(map), source)))),
};

/** The commit that is checked out, where this is a checkout. */
function checkedOutCommit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/** What the programs tell of themselves, and what makes Node read them as modules. */
function describeBuild(): void {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const build = {
    name,
    version: process.env['VERSION'] || version,
    gitHead: process.env['COMMIT'] || checkedOutCommit(),
    type: 'module',
  };
  writeFileSync(join(production, 'package.json'), `${JSON.stringify(build, undefined, 2)}\n`);
}

function linkPrograms(): void {
  mkdirSync(join(production, 'bin'));
  for (const program of Object.keys(programs)) chmodSync(join(production, `${program}.js`), 0o755);
  for (const name of ['backend', 'db-init']) symlinkSync(`../${name}.js`, join(production, 'bin', name));
  for (const name of commands) symlinkSync('../cli.js', join(production, 'bin', name));
}

/** Builds the apps and bundles them. Throws when either fails. */
export async function bundle(options: { clean?: boolean } = {}): Promise<void> {
  build(options);
  rmSync(production, { recursive: true, force: true });
  const bundled = await rolldown({
    cwd: root,
    input: programs,
    platform: 'node',
    // The modules of the libs do nothing when they are loaded: a program has only those of a door that it uses.
    treeshake: { moduleSideEffects: [{ test: /\/dist\/libs\//, sideEffects: false }] },
    plugins: [optionalPackages, lazyBuiltins, openRequires, compilerMaps, ownMapsOnly],
    // How long plugins take is no warning of the bundle: on a busy machine it would end the build.
    checks: { bundlerTimings: false },
    onLog: (level, log) => {
      throw new Error(`The bundle has a ${level}: ${log.message}`);
    },
  });
  await bundled.write(output);
  await bundled.close();
  describeBuild();
  linkPrograms();
}

if (import.meta.main) await bundle({ clean: true });
