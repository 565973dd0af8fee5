import {
  configCategories,
  type ConfigSource,
  ConfigurationError,
  findingsToJson,
  loadConfig,
  processSource,
  renderFindings,
} from '@app/config';
import { exitCodes } from '@app/errors';
import type { Command } from 'commander';
import { renderSummary, summaryOf } from './config-summary.js';

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
  try {
    const { config, warnings } = await loadConfig(configCategories, sourceOf(envFile));
    const summary = summaryOf(config);
    if (json === true) {
      console.log(JSON.stringify({ ok: true, mistakes: [], warnings, config: summary }));
    } else {
      if (warnings.length > 0) console.log(`${renderFindings({ mistakes: [], warnings })}\n`);
      console.log(`The configuration can work.\n\n${renderSummary(summary)}`);
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const count = error.mistakes.length;
    console.log(
      json === true
        ? findingsToJson(error)
        : `${renderFindings(error)}\n\nThe configuration cannot work: ${String(count)} ${count === 1 ? 'mistake' : 'mistakes'}.`,
    );
    process.exitCode = exitCodes.config;
  }
}

/** A file named `.env.production` is checked by the rules of production, unless NODE_ENV is set. */
function sourceOf(envFile: string | undefined): ConfigSource {
  const source = processSource();
  if (envFile === undefined) return source;
  const environment = /\.env\.(development|production|test)\b/.exec(envFile)?.[1];
  const env = source.env['NODE_ENV'] ? source.env : { ...source.env, NODE_ENV: environment };
  return { ...source, env, envFile };
}
