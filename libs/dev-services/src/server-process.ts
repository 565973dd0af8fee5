import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGuarded, type GuardedCommand } from './guarded-process.js';
import type { Guardian } from './guardian.js';
import { markOf } from './process-identity.js';
import { childrenOf, sendSignal } from './process-table.js';

/** One process of a server, from its start to its end. It does not keep this process alive. */
export class ServerProcess {
  private readonly exited: Promise<unknown>;
  private toldToEnd = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly order: GuardedCommand['stop'],
  ) {
    this.exited = once(child, 'exit');
    child.unref();
  }

  /** @param log The file that gets its output, and loses what it had. */
  static async spawn(
    guardian: Guardian,
    command: Omit<GuardedCommand, 'output'>,
    log: string,
  ): Promise<ServerProcess> {
    const file = await open(log, 'w');
    try {
      return new ServerProcess(await spawnGuarded(guardian, { ...command, output: file.fd }), command.stop);
    } finally {
      await file.close();
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** STOP, CONT and KILL reach its children too, which for PostgreSQL are in sessions of their own. */
  signal(signal: NodeJS.Signals): void {
    const forAll = signal === 'SIGSTOP' || signal === 'SIGCONT' || signal === 'SIGKILL';
    for (const pid of [this.pid, ...(forAll ? childrenOf(this.pid) : [])]) sendSignal(pid, signal);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') this.toldToEnd = true;
  }

  /** Resolves with true when it has ended, for which it waits if it was told to or killed, else with false at once. */
  async untilEnded(): Promise<boolean> {
    if (!this.isRunning) return true;
    if (!this.toldToEnd && (await markOf(this.pid)) !== undefined) return false;
    await this.untilExit();
    return true;
  }

  /** Ends it, by force after its grace. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.signal('SIGCONT');
    sendSignal(this.pid, this.order.signal);
    const force = new AbortController();
    const { signal } = force;
    sleep(this.order.graceSeconds * 1000, undefined, { signal }).then(
      () => this.signal('SIGKILL'),
      () => undefined,
    );
    await this.untilExit();
    force.abort();
  }

  private async untilExit(): Promise<void> {
    if (!this.isRunning) return;
    this.child.ref();
    await this.exited;
  }
}
