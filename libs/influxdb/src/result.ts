import { InfluxQueryError, NotInfluxdbError } from './errors.js';

/** Text as the server wrote it (integers keep all digits), null for no value. */
export type InfluxCell = string | null;

export interface InfluxSeries {
  /** The measurement. */
  readonly name: string;
  /** The tags that the statement groups by. */
  readonly tags: Readonly<Record<string, string>>;
  /** Names of the columns; `time` comes first. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly InfluxCell[])[];
}

/** What one statement found: a series for each combination of the tags grouped by, none where nothing matched. */
export type InfluxResult = readonly InfluxSeries[];

/** The body of `/query`, its numbers and booleans put in quotes. */
interface QuotedBody {
  readonly results?: readonly QuotedResult[];
  readonly error?: string;
}
interface QuotedResult {
  readonly series?: readonly QuotedSeries[];
  readonly error?: string;
  readonly partial?: string;
}
interface QuotedSeries {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  readonly values?: readonly (readonly InfluxCell[])[];
  readonly partial?: string;
}

// A string is matched whole, so that nothing in it is taken for a number.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false/g;

/**
 * Reads the JSON of `/query` with every number as text. (The CSV form of InfluxDB 1 leaves out statements
 * without a result and cannot tell a missing value from an empty string; a reviver with the source text takes
 * three times as long.) Throws an InfluxQueryError for a failed or cut off statement; a series of more than 10,000
 * rows counts as cut off, since InfluxDB 1.6 marks it so even when it is whole.
 */
export function parseResults(body: string): readonly InfluxResult[] {
  const quoted = parse(body);
  if (quoted.error !== undefined) throw new InfluxQueryError(quoted.error);
  if (!Array.isArray(quoted.results)) throw new NotInfluxdbError('A body without results');
  return quoted.results.map((result: QuotedResult) => seriesOf(result));
}

function parse(body: string): QuotedBody {
  try {
    return JSON.parse(
      body.replace(token, (text) => (text.startsWith('"') ? text : `"${text}"`)),
    ) as QuotedBody;
  } catch (error) {
    throw new NotInfluxdbError('A body that is not JSON', error);
  }
}

function seriesOf(result: QuotedResult): InfluxResult {
  if (result.error !== undefined) throw new InfluxQueryError(result.error);
  const series = result.series ?? [];
  if ([result, ...series].some((part) => part.partial === 'true'))
    throw new InfluxQueryError('the answer was cut off at the max-row-limit of the server');
  return series.map(({ name = '', tags = {}, columns = [], values = [] }) => ({
    name,
    tags,
    columns,
    rows: values,
  }));
}
