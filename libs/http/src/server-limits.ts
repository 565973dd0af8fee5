import type { AppConfig } from '@app/config';

/** Options of Node's http server that hold REQUEST_TIMEOUT and KEEP_ALIVE_TIMEOUT. All are in milliseconds. */
export interface ServerLimits {
  /** How long a client may take to send a whole request; the time that the answer takes is not limited here. */
  readonly requestTimeout: number;
  /** How long it may take to send the headers. */
  readonly headersTimeout: number;
  readonly keepAliveTimeout: number;
  /** How often Node looks for requests that are late: its own 30 s would make a timeout of 8 s one of up to 38 s. */
  readonly connectionsCheckingInterval: number;
}

/** What a server must be made with, so that the timeouts of the configuration hold. */
export function serverLimits(
  config: Pick<AppConfig, 'requestTimeoutMs' | 'keepAliveTimeoutMs'>,
): ServerLimits {
  const { requestTimeoutMs, keepAliveTimeoutMs } = config;
  return {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
  };
}
