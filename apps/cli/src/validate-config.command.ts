import { type ConfigSource, processSource, renderFindings } from '@app/config';
import { exitCodes } from '@app/errors';
import type { Command } from 'commander';
import { renderSummary } from './config-summary.js';
import { checkConfiguration, type ConfigurationReport, counted } from './configuration-report.js';

interface Options {
  readonly envFile?: string;
  readonly json?: true;
}

/** `validate-config`: checks an environment without connecting to anything. */
export function registerValidateConfig(program: Command): void {
  program
    .command('validate-config')
    .description(
      'check the configuration without connecting to anything; the exit code is 78 if it cannot work',
    )
    .option('--env-file <file>', 'read this file instead of .env.<NODE_ENV>')
    .option('--json', 'print the result for programs')
    .action(validateConfig);
}

async function validateConfig({ envFile, json }: Options): Promise<void> {
  const { report } = await checkConfiguration(sourceOf(envFile));
  console.log(json === true ? JSON.stringify(report) : render(report));
  if (!report.ok) process.exitCode = exitCodes.config;
}

function render(report: ConfigurationReport): string {
  const { mistakes, warnings, config } = report;
  const findings = mistakes.length + warnings.length > 0 ? `${renderFindings(report)}\n\n` : '';
  return config === undefined
    ? `${findings}The configuration cannot work: ${counted(mistakes.length, 'mistake')}.`
    : `${findings}The configuration can work.\n\n${renderSummary(config)}`;
}

/** A file named `.env.production` is checked by the rules of production, unless NODE_ENV is set. */
function sourceOf(envFile: string | undefined): ConfigSource {
  const source = processSource();
  if (envFile === undefined) return source;
  const environment = /\.env\.(development|production|test)\b/.exec(envFile)?.[1];
  const env = source.env['NODE_ENV'] ? source.env : { ...source.env, NODE_ENV: environment };
  return { ...source, env, envFile };
}
