import { isRunning, suspend, waitFor } from '@app/testing';
import type { FaultName } from './cell.js';
import { slownessMs } from './settings.js';
import type { Stand, Way } from './stand.js';

/** Something that happens to the target of a stand, and how it passes. */
export interface Fault {
  /** As the table shows it. */
  readonly title: string;
  readonly way: Way;
  /** Whether a service that starts meets it at once, or is struck by it while it still waits for db-init. */
  readonly strikesStart: 'before' | 'amid';
  /** Resolves when the fault is complete. */
  inflict(stand: Stand): Promise<void>;
  /** Resolves when the target answers as before. */
  mend(stand: Stand): Promise<void>;
}

const serverOf = (stand: Stand) => stand.servers[stand.target];

/** An orderly end, as by an operator: PostgreSQL ends its sessions with SIGINT and waits for them with SIGTERM. */
async function stop(stand: Stand): Promise<void> {
  const { pid, name } = serverOf(stand);
  process.kill(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  await waitFor(() => !isRunning(pid), { message: `the end of ${name}` });
}

const start = (stand: Stand): Promise<void> => serverOf(stand).start();
const pass = async ({ proxy }: Stand): Promise<void> => proxy?.set({ kind: 'none' });

export const faults: Readonly<Record<FaultName, Fault>> = {
  'not there': {
    title: 'not there (stopped in order)',
    way: 'directly',
    strikesStart: 'before',
    inflict: stop,
    mend: start,
  },
  killed: {
    title: 'SIGKILL',
    way: 'directly',
    strikesStart: 'amid',
    inflict: async (stand) => {
      const { pid } = serverOf(stand);
      serverOf(stand).signal('SIGKILL');
      await waitFor(() => !isRunning(pid));
    },
    mend: start,
  },
  suspended: {
    title: 'SIGSTOP',
    way: 'directly',
    strikesStart: 'amid',
    inflict: (stand) => suspend(serverOf(stand)),
    mend: async (stand) => serverOf(stand).signal('SIGCONT'),
  },
  slow: {
    title: 'slow by 1 s',
    way: 'by proxy',
    strikesStart: 'before',
    inflict: async ({ proxy }) => proxy?.set({ kind: 'latency', requestMs: 0, answerMs: slownessMs }),
    mend: pass,
  },
  reset: {
    title: 'connection reset in mid-answer',
    way: 'by proxy',
    strikesStart: 'before',
    inflict: async ({ proxy }) => proxy?.set({ kind: 'reset' }),
    mend: pass,
  },
  'wrong credentials': {
    title: 'wrong credentials',
    way: 'with a login',
    strikesStart: 'before',
    inflict: async ({ login }) => login?.change('wrong'),
    mend: async ({ login }) => login?.change('right'),
  },
  restarted: {
    title: 'restarted',
    way: 'directly',
    strikesStart: 'amid',
    inflict: async (stand) => {
      await stop(stand);
      await start(stand);
    },
    mend: async () => undefined,
  },
};
