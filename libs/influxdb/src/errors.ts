import { AppError, defineErrors } from '@app/errors';

export const influxErrors = defineErrors({
  influxdb_write_rejected: {
    kind: 'internal',
    title: 'InfluxDB refused lines of a write',
    advice: 'Look at the message of the server; the lines it means cannot be stored as they are.',
  },
  influxdb_query_rejected: {
    kind: 'internal',
    title: 'InfluxDB refused a query',
    advice: 'Look at the message of the server; the statement is wrong.',
  },
  influxdb_not_recognized: {
    kind: 'unavailable',
    title: 'The server does not answer as InfluxDB does',
    advice: 'Check INFLUXDB_URL; for a server that only takes the writes of API v2, set INFLUXDB_API=v2.',
  },
});

/**
 * InfluxDB understood a write and refused it for what its lines hold: sending the same lines again changes
 * nothing. With `partial` the other lines of the write are stored. The message of the server names one
 * failure only, even where several lines are refused.
 */
export class InfluxWriteError extends AppError {
  readonly kind = 'rejected';
  readonly partial: boolean;
  /** The server's own words, as `partial write: field type conflict: …`. */
  readonly serverMessage: string;

  constructor(serverMessage: string, lines: number, partial: boolean, cause?: unknown) {
    super(
      influxErrors.influxdb_write_rejected,
      `InfluxDB refused a write of ${lines} lines: ${serverMessage}.`,
      { data: { serverMessage, partial, lines }, cause },
    );
    this.serverMessage = serverMessage;
    this.partial = partial;
  }
}

/** InfluxDB could not make sense of a statement: a mistake of the program, not an outage. */
export class InfluxQueryError extends AppError {
  readonly serverMessage: string;

  constructor(serverMessage: string, cause?: unknown) {
    super(influxErrors.influxdb_query_rejected, `InfluxDB refused a query: ${serverMessage}.`, {
      data: { serverMessage },
      cause,
    });
    this.serverMessage = serverMessage;
  }
}

/** Something answers that is not InfluxDB, or does not say so. */
export class NotInfluxdbError extends AppError {
  constructor(what: string, cause?: unknown) {
    super(influxErrors.influxdb_not_recognized, `${what} is not an answer of InfluxDB.`, { cause });
  }
}
