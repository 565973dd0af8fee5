import { resolve } from 'node:path';
import { createTokenService } from '@app/auth/nest';
import { loadConfig, processSource } from '@app/config';
import { AppError, coreErrors, exitCodes } from '@app/errors';
import { type Command, Option } from 'commander';
import { importTrades, type ImportResult } from './import-ticks/import-trades.js';
import { grouped, showProgress } from './import-ticks/progress.js';
import { RejectionReport } from './import-ticks/rejection-report.js';
import { stopOnSignals } from './import-ticks/stop-on-signals.js';
import { TickSender } from './import-ticks/tick-sender.js';
import { openTradeFile } from './import-ticks/trade-file.js';
import { countValue, durationValue, httpUrlValue } from './option-values.js';

interface Options {
  readonly url: string;
  readonly token?: string;
  readonly batch: number;
  readonly fromLine: number;
  readonly rejected?: string;
  readonly maxWait: number;
}

const tokenTtlMs = 300_000;

const help = `
The first line of FILE names the columns symbol, timestamp, price, size and trade_id, in any order; a column side may be
there too. A trade that is sent again with its trade_id counts once, so a file may be imported again. A row without a
trade_id gets one that is made of the name of the file and its line.

Ctrl-C ends the import after the batch in flight and tells the line to go on from. The exit code is 1 if a row was
rejected or lost, or the API refuses them all.`;

/** `import-ticks`: sends a CSV file of trades to the API. */
export function registerImportTicks(program: Command): void {
  program
    .command('import-ticks')
    .description('send a CSV file of trades to the API')
    .argument('<file>', 'CSV file with the columns symbol,timestamp,price,size,trade_id')
    .addOption(
      new Option('--url <url>', 'address of the API')
        .default('http://127.0.0.1:8000')
        .argParser(httpUrlValue),
    )
    .option('--token <token>', 'bearer token of scope write; without one it is signed with SECRET_KEY')
    .addOption(
      new Option('--batch <rows>', 'rows in one request, 1 to 10000')
        .default(1000)
        .argParser(countValue(10_000)),
    )
    .addOption(
      new Option('--from-line <line>', 'go on from this line of the file')
        .default(2)
        .argParser(countValue(Number.MAX_SAFE_INTEGER)),
    )
    .option('--rejected <file>', 'write all rejected rows to this CSV file')
    .addOption(
      new Option('--max-wait <duration>', 'how long to wait for an API that takes nothing')
        .default(600_000, '10m')
        .argParser(durationValue),
    )
    .addHelpText('after', help)
    .action(importTicks);
}

async function importTicks(path: string, options: Options): Promise<void> {
  const token = await tokenSource(options.token);
  if (options.rejected !== undefined && resolve(options.rejected) === resolve(path)) {
    throw new AppError(coreErrors.usage, 'The rejected rows would be written over the file itself.');
  }
  const file = await openTradeFile(path);
  const progress = showProgress(file.size, process.stderr);
  const rejections = await RejectionReport.open(options.rejected, options.fromLine > 2, (line) =>
    progress.note(line),
  );
  const signals = stopOnSignals(() =>
    progress.note('Stopping after the batch in flight; Ctrl-C again ends at once.'),
  );
  const sender = new TickSender({
    url: options.url,
    token,
    maxWaitMs: options.maxWait,
    onWait: (why, delayMs) => progress.note(`${why} Trying again in ${(delayMs / 1000).toFixed(1)} s.`),
  });
  const startedAt = performance.now();
  const result = await importTrades(
    file,
    { sender, progress, rejections },
    { fromLine: options.fromLine, batchSize: options.batch, signals },
  );
  signals.close();
  progress.end();
  await rejections.close();
  console.log(summary(result, (performance.now() - startedAt) / 1000));
  if (result.resumeAt !== undefined) {
    console.log(`The rest of the file was not imported. Go on with: --from-line ${String(result.resumeAt)}`);
  }
  if (result.failure !== undefined) throw result.failure;
  if (signals.force.aborted) process.exitCode = exitCodes.forced;
  else if (result.rejected + result.lost > 0) process.exitCode = exitCodes.failed;
}

function summary({ accepted, rejected, lost, withoutId }: ImportResult, seconds: number): string {
  const rows = accepted + rejected + lost;
  const rate = grouped(Math.round(rows / Math.max(seconds, 0.001)));
  return [
    `${grouped(rows)} rows in ${seconds.toFixed(1)} s (${rate} rows/s): ${grouped(accepted)} accepted, ${grouped(rejected)} rejected.`,
    ...(lost === 0
      ? []
      : [`${grouped(lost)} rows are LOST: the API neither took nor rejected them. Import the file again.`]),
    ...(withoutId === 0
      ? []
      : [
          `${grouped(withoutId)} rows have no trade_id; they got one that is made of the name of the file and the line.`,
        ]),
  ].join('\n');
}

/** A token that is given, or a new one for each request, signed with SECRET_KEY. */
async function tokenSource(given: string | undefined): Promise<() => string> {
  if (given !== undefined) return () => given;
  const { config } = await loadConfig(['app', 'security'], processSource());
  const tokens = createTokenService(config.security, config.app.name);
  return () => tokens.sign({ sub: 'import-ticks', scopes: ['write'], ttlMs: tokenTtlMs });
}
