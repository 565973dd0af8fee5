export type { ChainableCommander, Redis } from 'ioredis';
export { RedisConnectionsExhaustedError, redisErrors } from './errors.js';
export { redisFailureReason } from './failure-reason.js';
export { redisClientOptions, type RedisClientOptions } from './options.js';
export { parseInfo } from './info.js';
export { RedisClient } from './redis-client.js';
export type { RedisCommands, RedisLease, RedisLeaseOptions } from './redis-commands.js';
export { RedisScript } from './redis-script.js';
