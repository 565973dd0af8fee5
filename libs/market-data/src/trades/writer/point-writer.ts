import { type InfluxClient, InfluxWriteError } from '@app/influxdb';

/** A line that InfluxDB will never take. */
export interface RefusedLine {
  /** Its place among the lines, from 0. */
  readonly index: number;
  /** The server's words. */
  readonly reason: string;
}

/**
 * Writes lines and resolves once InfluxDB has confirmed all of them but those that it refuses, which are found by
 * halving. Throws a DatastoreError.
 */
export async function writeLines(
  influxdb: InfluxClient,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<readonly RefusedLine[]> {
  try {
    await influxdb.write(lines, { signal });
    return [];
  } catch (error) {
    if (!(error instanceof InfluxWriteError)) throw error;
    if (lines.length === 1) return [{ index: 0, reason: error.serverMessage }];
    const half = Math.ceil(lines.length / 2);
    const first = await writeLines(influxdb, lines.slice(0, half), signal);
    const second = await writeLines(influxdb, lines.slice(half), signal);
    return [...first, ...second.map(({ index, reason }) => ({ index: index + half, reason }))];
  }
}
