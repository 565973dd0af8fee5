import { DatastoreError } from '@app/errors';
import type { PingResult } from '@app/lifecycle';
import { Redis, type RedisOptions } from 'ioredis';
import { answersAllTheSame, isNoConnection, redisFailureReason, withoutArguments } from './failure-reason.js';
import { parseInfo } from './info.js';
import { isPlainRedis } from './plain-redis.js';

/** Nothing is ever stored under it: setting no bytes of a missing string changes nothing, but is refused as a write. */
const probeKey = 'health:write-probe';

/** Asked for one by one, since Redis 6 takes only one at a time. */
const sections = ['server', 'replication', 'memory', 'persistence', 'clients'] as const;

/** How long a TLS handshake may take before the reason is looked for, in milliseconds. */
const handshakePatienceMs = 500;

export interface RedisCheckOptions {
  readonly server: RedisOptions;
  /** Whether there may be one more connection for a moment, to tell a server without TLS from one that hangs. */
  readonly mayLookCloser: boolean;
}

/**
 * Asks Redis, on a connection opened for this, whether it lets this user in, answers, and takes writes. So
 * changed credentials and a server without a connection to spare are noticed at the next check. Throws a
 * DatastoreError; ends soon after the signal aborts.
 */
export async function checkRedis(options: RedisCheckOptions, signal: AbortSignal): Promise<PingResult> {
  const redis = new Redis({ ...options.server, retryStrategy: () => null, disconnectTimeout: 1 });
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    redis.disconnect();
  };
  const abort = (): void => fail(new DOMException('The check was ended.', 'AbortError'));
  redis.on('error', fail);
  signal.addEventListener('abort', abort, { once: true });
  const handshake = setTimeout(() => void lookCloser(options, signal, fail), handshakePatienceMs);
  redis.once('connect', () => clearTimeout(handshake));
  try {
    if (signal.aborted) abort();
    await redis.connect();
    const result = await examine(redis);
    // As of the choice of the database, which is made beside the commands.
    if (failure !== undefined) throw failure;
    return result;
  } catch (error) {
    // Where the server has answered, that says more than how the connection ended then.
    const cause = withoutArguments(isNoConnection(error) ? (failure ?? error) : error);
    throw new DatastoreError('redis', redisFailureReason(cause), cause);
  } finally {
    clearTimeout(handshake);
    signal.removeEventListener('abort', abort);
    redis.disconnect();
  }
}

async function lookCloser(
  { server, mayLookCloser }: RedisCheckOptions,
  signal: AbortSignal,
  fail: (error: Error) => void,
): Promise<void> {
  if (server.tls === undefined || !mayLookCloser) return;
  if (await isPlainRedis(server.host ?? '', server.port ?? 0, signal))
    fail(Object.assign(new Error('Redis speaks no TLS there.'), { code: 'EPROTO' }));
}

async function examine(redis: Redis): Promise<PingResult> {
  const pipeline = redis.pipeline().ping();
  for (const section of sections) pipeline.info(section);
  const [ping, ...rest] = (await pipeline.setrange(probeKey, 0, '').exec()) ?? [];
  const write = rest.pop();
  if (ping?.[0] instanceof Error && !answersAllTheSame(ping[0])) throw ping[0];
  const info = parseInfo(rest.map(([, text]) => (typeof text === 'string' ? text : '')).join('\r\n'));
  const version = info.get('redis_version');
  const degraded = degradation(write?.[0], info);
  return {
    ...(version === undefined ? {} : { version }),
    ...(degraded === undefined ? {} : { degraded }),
    facts: factsOf(info),
  };
}

function degradation(write: unknown, info: ReadonlyMap<string, string>): PingResult['degraded'] {
  const reason = write instanceof Error ? redisFailureReason(write) : undefined;
  if (reason === 'read_only' || reason === 'out_of_memory') return reason;
  // A user may be allowed less than this, and yet all that the product needs.
  if (write instanceof Error && !answersAllTheSame(write)) throw write;
  return info.get('role') === 'slave' && info.get('slave_read_only') === '1' ? 'read_only' : undefined;
}

function factsOf(info: ReadonlyMap<string, string>): Readonly<Record<string, string | number | boolean>> {
  const facts: Record<string, string | number | boolean> = {};
  const add = (name: string, field: string, read: (text: string) => string | number | boolean): void => {
    const text = info.get(field);
    if (text !== undefined) facts[name] = read(text);
  };
  add('role', 'role', (role) => (role === 'slave' ? 'replica' : role));
  add('appendonly', 'aof_enabled', (enabled) => enabled === '1');
  add('maxmemory', 'maxmemory', Number);
  add('maxmemory_policy', 'maxmemory_policy', String);
  add('maxclients', 'maxclients', Number);
  return facts;
}
