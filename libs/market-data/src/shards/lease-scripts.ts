import { RedisScript } from '@app/redis';

/**
 * Tells that a writer lives, and forgets those that have been silent. KEYS: writers. ARGV: its name, longest silence
 * in milliseconds, message for the writers when they are others than before, their channel. Answers the names of the
 * living in order.
 */
export const heartbeatScript = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local come = redis.call('ZADD', KEYS[1], now, ARGV[1])
local gone = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now - ARGV[2]))
if come + gone > 0 then redis.call('PUBLISH', ARGV[4], ARGV[3]) end
local alive = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(alive)
return alive
`);

/**
 * Gives a lease to a new owner. KEYS: lease. ARGV: its token, token of the dead owner that it may be taken from (empty
 * for none). Answers 1 when it was given.
 */
export const acquireScript = new RedisScript(`
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1
`);

/** Ends a lease. KEYS: lease. ARGV: its token, message for the writers, their channel. */
export const releaseScript = new RedisScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[3], ARGV[2])
return 1
`);
