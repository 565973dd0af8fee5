import type { Config } from './config.js';

/** The values that no line of a log may show: keys, tokens, and the passwords within URLs, as they stand and decoded. */
export function secretsOf({ datastores, security }: Partial<Config>): readonly string[] {
  const urls = [datastores?.databaseUrl, datastores?.redisUrl, datastores?.influxdb.url];
  const passwords = urls
    .filter((url) => url !== undefined && URL.canParse(url))
    .map((url) => new URL(url ?? '').password)
    .flatMap((password) => [password, decodeURIComponent(password)]);
  const values: (string | undefined)[] = [
    ...passwords,
    datastores?.influxdb.password,
    datastores?.influxdb.token,
    security?.secretKey,
    security?.secretKeyPrevious,
  ];
  return [...new Set(values.filter((value): value is string => value !== undefined && value !== ''))];
}
