import { escape } from '@influxdata/influxdb-client';

/** A line cannot hold these in a measurement, tag or key: InfluxDB reads `\\` before a separator as an escape. */
const unfit = /[\n\r\\]|^$/;

function fit(text: string): string {
  if (unfit.test(text)) {
    throw new RangeError(
      `A measurement, tag or key is not empty and holds neither line breaks nor backslashes: ${JSON.stringify(text)}.`,
    );
  }
  return text;
}

/** A measurement for a line. Throws a RangeError for what a line cannot hold. */
export const escapeMeasurement = (name: string): string => escape.measurement(fit(name));

/** A tag's key or value, or a field's key, for a line. Throws a RangeError for what a line cannot hold. */
export const escapeTag = (text: string): string => escape.tag(fit(text));

/** The value of a string field for a line, with its quotes. */
export const escapeString = (text: string): string => escape.quoted(text);
