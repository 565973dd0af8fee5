// Runs tiers of tests one after the other and ends with the line `N passed, N failed`:
// `node scripts/test.ts [--seed=N] <tier>…`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from './build.ts';
import { bundle } from './bundle.ts';
import { root } from './sources.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What failed, by name: the end of the output tells it, however long the output is. */
const failures: string[] = [];

const total = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((sum, count) => sum + count.passed, 0),
  failed: counts.reduce((sum, count) => sum + count.failed, 0),
  skipped: counts.reduce((sum, count) => sum + count.skipped, 0),
});

/** Runs a program of the project; what it prints goes to the terminal. */
function run(command: string, args: readonly string[]): boolean {
  console.log(`\n> ${[command, ...args].join(' ')}`);
  const result = spawnSync(`${root}/node_modules/.bin/${command}`, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return result.status === 0;
}

function check(command: string, ...args: string[]): Count {
  const passed = run(command, args);
  if (!passed) failures.push(command);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

/** What Vitest's JSON reporter writes, as far as it is read here. */
interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function failuresOf({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    return [
      ...(message === '' ? [] : [`${file}: ${firstLine(message)}`]),
      ...failed.map(
        ({ fullName, failureMessages }) => `${file} > ${fullName}: ${firstLine(failureMessages[0] ?? '')}`,
      ),
    ];
  });
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

function vitest(project: string, options: readonly string[], reporter = 'default'): Count {
  const folder = mkdtempSync(join(tmpdir(), 'test-report-'));
  try {
    const file = join(folder, 'report.json');
    const ended = run('vitest', [
      'run',
      `--project=${project}`,
      `--reporter=${reporter}`,
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...options,
    ]);
    // A run that was killed leaves none.
    if (!existsSync(file)) {
      failures.push(`${project}: it left no report`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
    failures.push(...failuresOf(report));
    // A file that cannot be loaded, or an error outside of any test, fails the run without a failed test.
    const outside = (!ended || !report.success) && report.numFailedTests === 0 ? 1 : 0;
    if (outside > 0) failures.push(`${project}: an error outside of any test`);
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + outside,
      skipped: report.numPendingTests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const tiers: Readonly<Record<string, () => Count | Promise<Count>>> = {
  static: () => total([check('oxlint', '--type-aware'), check('oxfmt', '--check'), check('tsc', '--noEmit')]),
  unit: () => {
    build();
    return vitest('unit', options);
  },
  e2e: () => {
    build();
    return vitest('e2e', options);
  },
  bundle: async () => {
    await bundle();
    return vitest('bundle', options);
  },
  // Every test by its name, since the names are the table.
  faults: async () => {
    await bundle();
    return vitest('faults', options, 'verbose');
  },
  container: () => vitest('container', options),
};

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = names.filter((name) => !(name in tiers));
if (names.length === 0 || unknown.length > 0) {
  console.error(`Name one or more tiers of: ${Object.keys(tiers).join(', ')}.`);
  process.exit(64);
}
const counts: Count[] = [];
for (const name of names) counts.push((await tiers[name]?.()) ?? total([]));
const result = total(counts);
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(
  `\n${String(result.passed)} passed, ${String(result.failed)} failed` +
    (result.skipped > 0 ? `, ${String(result.skipped)} skipped` : ''),
);
process.exitCode = result.failed > 0 || result.passed + result.skipped === 0 ? 1 : 0;
