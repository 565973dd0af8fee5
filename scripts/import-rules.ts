import { readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import ts from 'typescript';

/** The layers from the outermost to the innermost: a lib imports only from layers behind its own. */
export const layers: readonly (readonly string[])[] = [
  ['workers'],
  ['bootstrap', 'market-data'],
  ['health', 'http', 'metrics'],
  ['auth', 'postgres', 'redis', 'influxdb'],
  ['lifecycle'],
  ['logging'],
  ['container', 'config'],
  ['errors'],
];

/** Libs for development and tests only, and what they may import. */
const developmentLibs: Readonly<Record<string, readonly string[] | 'anything'>> = {
  'dev-services': ['config', 'errors', 'postgres', 'redis', 'influxdb'],
  testing: 'anything',
};

/** A place in the tree, as the rules see it. */
interface Place {
  readonly kind: 'app' | 'lib' | 'other';
  readonly name: string;
}

/** One broken rule. */
export interface Violation {
  readonly file: string;
  readonly rule: string;
}

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Checks one source file against the rules of `docs/architecture.md`. */
export function checkFile(file: SourceFile): Violation[] {
  const own = placeOf(file.path);
  const rules = [...importRules(file, own), ...globalRules(file, own)];
  return rules.map((rule) => ({ file: file.path, rule }));
}

function* importRules(file: SourceFile, own: Place): Generator<string> {
  const spec = isSpec(file.path);
  for (const { specifier, dynamic } of importsOf(file.text)) {
    if (specifier.startsWith('.')) {
      const target = placeOf(join(dirname(file.path), specifier));
      if (target.kind !== own.kind || target.name !== own.name) {
        yield `"${specifier}" leaves ${own.name}: import it through its door @app/<lib>`;
      }
      continue;
    }
    const door = /^@app\/(?<lib>[^/]+)(?<rest>\/.*)?$/.exec(specifier)?.groups;
    if (door?.['lib'] === undefined) continue;
    if (door['rest'] !== undefined && door['rest'] !== '/nest') {
      yield `"${specifier}" is no door: only @app/<lib> and @app/<lib>/nest are`;
    }
    if (dynamic)
      yield `import("${specifier}") is not rewritten by the build: import a file of your own dynamically`;
    if (own.kind === 'lib' && !spec && !mayImport(own.name, door['lib'])) {
      yield `${own.name} may not import ${door['lib']}`;
    }
    if (own.kind === 'app' && own.name !== 'cli' && !spec && door['lib'] in developmentLibs) {
      yield `${own.name} may not import ${door['lib']}, which is for development and tests`;
    }
    if (own.kind === 'lib' && file.path.endsWith('/src/index.ts') && door['rest'] === '/nest') {
      yield 'index.ts is free of Nest';
    }
  }
  if (file.path.startsWith('libs/') && /\/src\/(index|nest)\.ts$/.test(file.path)) {
    if (/export \*/.test(file.text)) yield 'a door names what it exports';
  }
}

function* globalRules(file: SourceFile, own: Place): Generator<string> {
  if (own.kind === 'other' || isSpec(file.path)) return;
  const readsEnvironment = own.name === 'config' || own.name in developmentLibs;
  if (!readsEnvironment && /\bprocess\.env\b/.test(file.text)) yield 'only libs/config reads process.env';
  if (!file.path.endsWith('/main.ts') && /\bprocess\.exit\(/.test(file.text)) {
    yield 'only a main.ts calls process.exit';
  }
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return false;
  const development = developmentLibs[from];
  if (development !== undefined) return development === 'anything' || development.includes(to);
  return layerOf(to) > layerOf(from);
}

function layerOf(lib: string): number {
  return layers.findIndex((layer) => layer.includes(lib));
}

function placeOf(path: string): Place {
  const [top = '', name = ''] = normalize(path).split(sep);
  if (top === 'apps') return { kind: 'app', name };
  if (top === 'libs') return { kind: 'lib', name };
  return { kind: 'other', name: top };
}

function isSpec(path: string): boolean {
  return /\.(spec|e2e-spec|fixture)\.ts$/.test(path);
}

interface Import {
  readonly specifier: string;
  readonly dynamic: boolean;
}

/** All imports and re-exports of a source text; those of types alone vanish in the build, and are left out on request. */
export function importsOf(text: string, options: { withoutTypes?: boolean } = {}): Import[] {
  const found: Import[] = [];
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      const onlyTypes = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly;
      const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
      if (!(onlyTypes && options.withoutTypes === true)) found.push({ specifier, dynamic: false });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) {
        found.push({ specifier: argument.text, dynamic: true });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * The packages and Node modules that a file loads when it starts: everything it imports statically, and through its
 * own files what those import. Dynamic imports are not followed, since they come later.
 */
export function packagesLoadedBy(entry: string, root: string): ReadonlySet<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { specifier, dynamic } of importsOf(readFileSync(join(root, file), 'utf8'), {
      withoutTypes: true,
    })) {
      if (dynamic) continue;
      const door = /^@app\/([^/]+)(\/nest)?$/.exec(specifier);
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier.replace(/\.js$/, '.ts')));
      else if (door?.[1] !== undefined)
        visit(`libs/${door[1]}/src/${door[2] === undefined ? 'index' : 'nest'}.ts`);
      else packages.add(specifier);
    }
  };
  visit(entry);
  return packages;
}
