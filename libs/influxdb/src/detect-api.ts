import { authorizationHeaders, versionOf } from './dialect.js';
import { NotInfluxdbError } from './errors.js';
import type { InfluxHttp } from './http.js';
import type { InfluxApi, InfluxClientOptions } from './options.js';

/**
 * Asks the server which API to use: InfluxDB names its version on `/ping` since 0.9. Version 1.8 takes some of
 * API v2 as well, but not its administration, and so gets v1.
 */
export async function detectApi(
  http: InfluxHttp,
  options: InfluxClientOptions,
  signal: AbortSignal,
): Promise<InfluxApi> {
  const headers = authorizationHeaders('v2', options);
  const version = versionOf(await http.request({ method: 'GET', path: '/ping', headers, signal }));
  if (version === undefined) throw new NotInfluxdbError('A ping without a version');
  return version.startsWith('0.') || version.startsWith('1.') ? 'v1' : 'v2';
}
