import type { ClientConfig } from 'pg';
import { Pool } from './pool.js';
import type { PoolOptions } from './pool.options.js';

/** Stands for the module `pg` in TypeORM's options, and keeps the pool that TypeORM makes with it. */
export class PoolDriver {
  /** The latest pool; TypeORM makes another for each attempt to initialize. */
  pool: Pool | undefined;
  /** Told when a connection dies that nobody uses. */
  onError: (error: Error) => void = () => undefined;
  readonly Pool: new (config: ClientConfig) => Pool;

  constructor(options: PoolOptions) {
    const keep = (pool: Pool): void => {
      this.pool = pool.on('error', (error: Error) => this.onError(error));
    };
    this.Pool = class extends Pool {
      constructor(config: ClientConfig) {
        super(config, options);
        keep(this);
      }
    };
  }

  /** Ends the pool of an attempt that failed. TypeORM may have left a connection in use, for which nobody should wait. */
  abandon(): void {
    if (this.pool === undefined || this.pool.ending) return;
    this.pool.end(() => undefined);
    this.pool.destroySockets();
  }
}
