import { readFileSync } from 'node:fs';
import { run } from '../test/container/engine/command.ts';
import { childrenOf } from './cpu-time.ts';

/** The numbers of the processors that this process may run on. */
export function processors(): number[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status) ?? [];
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** From now on a process and its children, all threads of them, run on these processors alone. */
export async function pin(pid: number, numbers: readonly number[]): Promise<void> {
  await run('taskset', ['--all-tasks', '--pid', '--cpu-list', numbers.join(','), String(pid)]);
  for (const child of childrenOf(pid)) await pin(child, numbers);
}
