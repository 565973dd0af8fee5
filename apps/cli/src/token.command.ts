import { type Scope, scopes } from '@app/auth';
import { createTokenService } from '@app/auth/nest';
import { loadConfig, processSource } from '@app/config';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationValue } from './option-values.js';

interface Options {
  readonly scope: readonly Scope[];
  readonly ttl: number;
  readonly sub: string;
}

/** `token`: prints a bearer token and nothing else. */
export function registerToken(program: Command): void {
  program
    .command('token')
    .description('print a bearer token signed with SECRET_KEY')
    .addOption(
      new Option('--scope <scope>', 'what it allows: read, write or admin')
        .makeOptionMandatory()
        .argParser(readScopes),
    )
    .addOption(
      new Option('--ttl <duration>', 'how long it is valid, at most 720h')
        .default(3_600_000, '1h')
        .argParser(durationValue),
    )
    .option('--sub <name>', 'whom it is for', 'operator')
    .action(printToken);
}

async function printToken({ scope, ttl, sub }: Options): Promise<void> {
  const { config } = await loadConfig(['app', 'security'], processSource());
  console.log(createTokenService(config.security, config.app.name).sign({ sub, scopes: scope, ttlMs: ttl }));
}

function readScopes(text: string): readonly Scope[] {
  const names = text.split(/[ ,]+/).filter((name) => name !== '');
  const known = scopes.filter((scope) => names.includes(scope));
  if (known.length === 0 || known.length < new Set(names).size) {
    throw new InvalidArgumentError(`A scope is one of ${scopes.join(', ')}.`);
  }
  return known;
}
