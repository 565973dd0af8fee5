import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { guardianScript } from './guardian-script.js';

/** How a process is to be ended. */
export interface StopOrder {
  readonly pid: number;
  readonly signal: 'SIGINT' | 'SIGTERM';
  /** After that it is ended by force. */
  readonly graceSeconds: number;
}

/**
 * A small process that outlives this one, by whatever way this one ends, and then stops what was put into
 * its care. It is told by a pipe, whose end the kernel closes also after SIGKILL.
 */
export class Guardian {
  private orders: readonly StopOrder[] = [];
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly pipe: Socket,
  ) {
    this.ended = once(child, 'exit');
    // A broken pipe shows where it matters: in the callback of `guard`.
    pipe.on('error', () => undefined);
    child.unref();
    pipe.unref();
  }

  /** @param folder A temporary folder, which it removes at its end; it need not exist yet. */
  static async start(folder = ''): Promise<Guardian> {
    const child = spawn('/bin/sh', ['-c', guardianScript, 'dev-services-guardian', folder], {
      cwd: '/',
      detached: true,
      env: { PATH: process.env['PATH'] },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    if (!(child.stdin instanceof Socket)) throw new Error('The guardian has no pipe');
    return new Guardian(child, child.stdin);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /**
   * Puts a process into its care; what came last is stopped first. Resolves once the guardian cannot miss
   * it, even if this process ends at that moment. Throws if the guardian has ended.
   */
  guard(order: StopOrder): Promise<void> {
    this.orders = [order, ...this.orders];
    return new Promise((resolve, reject) => {
      this.pipe.write(this.list(), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Takes a process that has ended out of its care, so that a later one with the same pid is safe. */
  forget(pid: number): void {
    this.orders = this.orders.filter((order) => order.pid !== pid);
    if (this.pipe.writable) this.pipe.write(this.list());
  }

  /** Has it stop what is still in its care and remove the folder; resolves when it has done so. */
  async end(): Promise<void> {
    this.child.ref();
    this.pipe.end();
    await this.ended;
  }

  private list(): string {
    const orders = this.orders.map((order) =>
      [order.pid, order.signal.slice(3), order.graceSeconds].join(':'),
    );
    return `${orders.join(' ')}\n`;
  }
}
