import { ConfigurationError, renderFindings } from '@app/config';
import { AppError, type ExitCode, exitCodes } from '@app/errors';
import { Command, CommanderError } from 'commander';
import type { Commands, ReadSource } from './command.js';

export interface Cli {
  readonly commands: Commands;
  readonly readSource: ReadSource;
}

/**
 * Runs the command that the arguments name and ends the process. Errors are printed to standard error. A command whose
 * work failed without an error sets `process.exitCode`.
 */
export async function runToExit(
  args: readonly string[],
  cli: Cli,
  exit: (code: ExitCode) => never,
): Promise<never> {
  process.on('uncaughtException', (error) => exit(report(error)));
  exit(await run(args, cli));
}

async function run(args: readonly string[], { commands, readSource }: Cli): Promise<ExitCode> {
  const program = new Command('cli')
    .description('Commands for the operator of the trading backend.')
    // An operator types the command alone, or behind `npm run`.
    .configureHelp({ commandUsage: (command) => `${command.name()} ${command.usage()}` })
    .exitOverride()
    .showHelpAfterError('Call it with --help to see how it is used.');
  try {
    const called = commands[args[0] ?? ''];
    const loaders = called === undefined ? Object.values(commands) : [called];
    for (const register of await Promise.all(loaders.map((load) => load()))) register(program, readSource);
    await program.parseAsync(args, { from: 'user' });
    return (process.exitCode ?? exitCodes.ok) as ExitCode;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): ExitCode {
  // Commander has printed its own errors, and help ends with an error that is none.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof ConfigurationError) console.error(renderFindings(error));
  if (error instanceof AppError) {
    console.error(`error: ${error.detail}\n       ${error.advice}`);
    return error.definition.exitCode ?? exitCodes.software;
  }
  console.error('error: An error that nobody expected. Please report it.\n', error);
  return exitCodes.software;
}
