import type { ChainableCommander, Redis } from 'ioredis';

/** What the shared connection and a leased one offer alike. */
export interface RedisCommands {
  /**
   * Runs commands. Fails at once while there is no connection. A failure of the server or of the connection is
   * thrown as a DatastoreError; an error that a command itself earned (WRONGTYPE, a script's error_reply) as the
   * driver's ReplyError. After a DatastoreError a command may or may not have been executed.
   */
  run<Result>(work: (redis: Redis) => Promise<Result>): Promise<Result>;
  /**
   * Sends commands in one write and returns their answers in order. Throws for the first that failed, as `run`
   * does; the others may have been executed.
   */
  pipeline(fill: (pipeline: ChainableCommander) => void): Promise<readonly unknown[]>;
  /** Resolves once the server answers; throws a DatastoreError when the signal aborts or the client is closed. */
  ready(signal?: AbortSignal): Promise<void>;
}

/** A dedicated connection, for blocking reads and subscriptions. It reconnects, and subscribes again, by itself. */
export interface RedisLease extends RedisCommands {
  readonly purpose: string;
  /** For subscriptions and their events; other commands go through `run`. */
  readonly redis: Redis;
  /** Ends the connection at once, with whatever is in flight on it. */
  release(): void;
}

export interface RedisLeaseOptions {
  /**
   * How long an answer may take, in milliseconds, before the connection counts as dead and is opened anew:
   * the blocking time plus some seconds. Without it, as for ordinary commands.
   */
  readonly replyTimeoutMs?: number;
}
