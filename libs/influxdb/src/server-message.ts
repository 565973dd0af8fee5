import { HttpError } from '@influxdata/influxdb-client';

const longestMessage = 2_000;

const textOf = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const text: unknown = Reflect.get(value, key);
  return typeof text === 'string' ? text : undefined;
};

/**
 * What InfluxDB itself says of a refusal: `{"error":…}` of API v1, `{"code":…,"message":…}` of v2. Undefined
 * for an answer that a proxy or another program may have given. InfluxDB names each line that it cannot read, so
 * the text is cut off.
 */
export function serverMessage(error: HttpError): string | undefined {
  return wholeMessage(error)?.slice(0, longestMessage);
}

function wholeMessage(error: HttpError): string | undefined {
  const json: unknown = error.json;
  const message = textOf(json, 'error') ?? (textOf(json, 'code') && textOf(json, 'message'));
  if (message !== undefined) return message;
  return error.headers?.['x-influxdb-version'] === undefined ? undefined : (error.body ?? '').trim();
}
