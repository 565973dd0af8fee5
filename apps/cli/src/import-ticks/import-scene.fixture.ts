import { runProcess, type RunningProcess, temporaryFolder, type TemporaryFolder } from '@app/testing';
import { afterEach, beforeEach } from 'vitest';

const main = 'dist/apps/cli/src/main.js';
export const secretKey = 'a key for tests, 0123456789 abcdefghij';
export const header = 'symbol,timestamp,price,size,trade_id';
export const rowAt = (n: number): string =>
  `EUR-USD,2017-04-19T09:00:${String(n).padStart(2, '0')}Z,1.07${String(n)}0,35${String(n)},${String(n)}`;
export const tickAt = (n: number): object => ({
  symbol: 'EUR-USD',
  timestamp: `2017-04-19T09:00:${String(n).padStart(2, '0')}Z`,
  price: `1.07${String(n)}0`,
  size: `35${String(n)}`,
  tradeId: String(n),
});

/** A CSV file of the test's own, and the command that imports it. */
export class ImportScene {
  #folder: TemporaryFolder | undefined;

  constructor() {
    beforeEach(async () => {
      this.#folder = await temporaryFolder();
    });
    afterEach(() => this.#folder?.[Symbol.asyncDispose]());
  }

  get folder(): string {
    return this.#folder?.path ?? '';
  }

  get file(): string {
    return `${this.folder}/trades.csv`;
  }

  start(port: number, ...args: string[]): Promise<RunningProcess> {
    const url = `http://127.0.0.1:${String(port)}`;
    return runProcess('node', [main, 'import-ticks', this.file, '--url', url, ...args], {
      env: { SECRET_KEY: secretKey, NODE_ENV: 'test' },
    });
  }
}
