import type { Command } from 'commander';
import type { ReadSource } from './command.js';
import { checkConfiguration } from './configuration-report.js';
import { exitCodeOf, type DoctorReport } from './doctor/doctor-report.js';
import { renderDoctor } from './doctor/render-doctor.js';

/** `doctor`: what validate-config and check-db-status say, and whether the service fits into what is there. */
export function registerDoctor(program: Command, readSource: ReadSource): void {
  program
    .command('doctor')
    .description('check the configuration, the datastores, and whether the service fits into what is there')
    .option('--json', 'print the report for programs')
    .addHelpText(
      'after',
      '\nThe exit code is 78 if the configuration cannot work or never fits, 69 if a backend could not start now.',
    )
    .action(async ({ json }: { readonly json?: true }) => doctor(readSource, json === true));
}

async function doctor(readSource: ReadSource, json: boolean): Promise<void> {
  const report = await examine(readSource);
  const exitCode = exitCodeOf(report);
  console.log(json ? JSON.stringify({ ok: exitCode === 0, exitCode, ...report }) : renderDoctor(report));
  process.exitCode = exitCode;
}

async function examine(readSource: ReadSource): Promise<DoctorReport> {
  const { report: configuration, config } = await checkConfiguration(await readSource());
  if (config === undefined) return { configuration, status: null, capacity: null };
  // The datastores' clients take half a second to load: a configuration that cannot work is told before.
  const { examineDatastores } = await import('./doctor/examine-datastores.js');
  return { configuration, ...(await examineDatastores(config)) };
}
