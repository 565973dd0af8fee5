import { HttpError, InfluxDB, type Transport } from '@influxdata/influxdb-client';
import type { InfluxDialect } from './dialect.js';
import { InfluxWriteError } from './errors.js';
import { serverMessage } from './server-message.js';

/** Statuses by which InfluxDB says that it is the lines which are wrong, or too many of them. */
const rejections: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * Sends lines through the official WriteApi and resolves when the server has confirmed all of them. The
 * WriteApi is made for this write alone, so that its buffer can hold neither fewer nor other lines: with
 * `batchSize` equal to their number it would send them by itself and keep the failure to itself. They are not
 * compressed: on a local network gzip takes three times the processor time and gives the lower rate.
 */
export async function writeLines(
  url: string,
  transport: Transport,
  dialect: InfluxDialect,
  lines: readonly string[],
): Promise<void> {
  const writer = new InfluxDB({ url, transport: strict(transport) }).getWriteApi('', '', 'ns', {
    batchSize: lines.length + 1,
    maxBatchBytes: Number.POSITIVE_INFINITY,
    gzipThreshold: Number.POSITIVE_INFINITY,
    flushInterval: 0,
    maxRetries: 0,
    headers: dialect.headers,
    // A promise of ours keeps the client from retrying and from printing the failure to the console.
    writeFailed: async (error) => {
      throw error;
    },
  });
  writer.path = dialect.writePath;
  try {
    for (const line of lines) writer.writeRecord(line);
    await writer.flush();
  } catch (error) {
    throw rejection(error, lines.length) ?? error;
  }
}

function rejection(error: unknown, lines: number): InfluxWriteError | undefined {
  if (!(error instanceof HttpError)) return undefined;
  const partial = error.statusCode === 201;
  if (!partial && !rejections.has(error.statusCode)) return undefined;
  const message = serverMessage(error) ?? (partial ? error.message : undefined);
  if (message === undefined) return undefined;
  return new InfluxWriteError(message, lines, partial || message.includes('partial write'), error);
}

/** InfluxDB 3 says 201 when it has stored only some of the lines, which the client takes for success. */
function strict(transport: Transport): Transport {
  return {
    ...transport,
    send: (path, body, options, callbacks) => {
      const chunks: Uint8Array[] = [];
      let failure: ((text: string) => HttpError) | undefined;
      transport.send(path, body, options, {
        ...callbacks,
        responseStarted: (headers, status) => {
          callbacks?.responseStarted?.(headers, status);
          if (status !== 201) return;
          const type = String(headers['content-type']);
          failure = (text) => new HttpError(201, 'Created', text, undefined, type, undefined, headers);
        },
        next: (chunk) => void chunks.push(chunk),
        complete: () => {
          if (failure === undefined) callbacks?.complete?.();
          else callbacks?.error?.(failure(Buffer.concat(chunks).toString('utf8')));
        },
      });
    },
  };
}
