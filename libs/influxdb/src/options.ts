import type { DatastoresConfig } from '@app/config';

export type InfluxApi = 'v1' | 'v2';

export interface InfluxClientOptions {
  /** `http://` or `https://`; a path before the API's own is kept. */
  readonly url: string;
  readonly api: InfluxApi | 'auto';
  /** Database of API v1, bucket of API v2. */
  readonly database: string;
  readonly org?: string | undefined;
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Certificates in PEM that the server's is checked against; the public authorities where it is missing. */
  readonly ca?: string | undefined;
}

export function influxClientOptions(config: DatastoresConfig): InfluxClientOptions {
  return { ...config.influxdb, ca: config.ca };
}
