import { isIP } from 'node:net';
import type { Config } from '@app/config';
import type { RedisOptions } from 'ioredis';

export interface RedisClientOptions {
  /** `redis://` or `rediss://`, with user, password and database number where they are needed. */
  readonly url: string;
  /** Certificates in PEM that the server's is checked against; the public authorities where it is missing. */
  readonly ca?: string | undefined;
  /** Connections that the process may hold at once, the shared one and the health check's among them. */
  readonly maxConnections: number;
  /** Bound for connecting, in milliseconds; an ordinary command gets the same time for its answer. */
  readonly connectTimeoutMs: number;
  /** Shown by CLIENT LIST before the purpose of each connection. */
  readonly name?: string;
}

/** Silence after which a connection is asked for a sign of life: an idle subscription would not notice its end. */
const keepAliveMs = 10_000;

export function redisClientOptions(
  config: Pick<Config, 'datastores' | 'performance'>,
  name: string,
): RedisClientOptions {
  return {
    url: config.datastores.redisUrl,
    ca: config.datastores.ca,
    maxConnections: config.performance.redisMaxConnections,
    connectTimeoutMs: config.performance.redisConnectionTimeoutMs,
    name,
  };
}

/**
 * Where and as whom to connect, for ioredis. (Given the URL itself, ioredis would take any of its own options
 * from the query, and would not name the host to a TLS server.)
 */
export function connectionOptions(options: RedisClientOptions): RedisOptions {
  const url = new URL(options.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const named = isIP(host) === 0 ? { servername: host } : {};
  const trusted = options.ca === undefined ? {} : { ca: options.ca };
  return {
    host,
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(url.pathname.slice(1)),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' ? { tls: { ...named, ...trusted } } : {}),
    connectTimeout: options.connectTimeoutMs,
    keepAlive: keepAliveMs,
    lazyConnect: true,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
  };
}
