import { Redis } from 'ioredis';

/** Commands that Redis gets from health checks alone: the peers', and this program's, which also writes. */
const checks = /^cmdstat_(?:ping|setrange):calls=(\d+)/gm;

/** Counts how often Redis was asked whether it works, by its own statistics; for `using`. */
export class RedisChecks implements Disposable {
  readonly #redis: Redis;

  constructor(url: string) {
    this.#redis = new Redis(url);
  }

  /** Since it was started, by all programs together. */
  async count(): Promise<number> {
    const stats = await this.#redis.info('commandstats');
    return [...stats.matchAll(checks)].reduce((sum, [, calls]) => sum + Number(calls), 0);
  }

  [Symbol.dispose](): void {
    this.#redis.disconnect();
  }
}
