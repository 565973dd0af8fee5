import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { sep } from 'node:path';

/** What Linux keeps of a program's name; see proc(5). */
const commLength = 15;

/** The processes that this one started and that still run; none if it has ended. */
export function childrenOf(pid: number): number[] {
  return listOfChildren(pid).split(/\s+/).filter(Boolean).map(Number);
}

function listOfChildren(pid: number): string {
  if (process.platform !== 'linux')
    return spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout;
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * This process's parent and, on Linux, its grandparent. One of them changes when either dies, as the children of a
 * dead process are given to another.
 */
export function ancestors(): readonly number[] {
  const parent = process.ppid;
  if (process.platform !== 'linux') return [parent];
  try {
    const status = readFileSync(`/proc/${parent}/status`, 'utf8');
    return [parent, Number(/^PPid:\s*(\d+)/m.exec(status)?.[1])];
  } catch {
    return [parent];
  }
}

/** The processes of that program whose working directory is the folder or lies in it; on Linux only, else none. */
export async function processesIn(folder: string, program: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => worksIn(pid, folder, program)));
  return pids.filter((_, index) => found[index]).map(Number);
}

async function worksIn(pid: string, folder: string, program: string): Promise<boolean> {
  try {
    const cwd = await readlink(`/proc/${pid}/cwd`);
    if (cwd !== folder && !cwd.startsWith(folder + sep)) return false;
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === program.slice(0, commLength);
  } catch {
    // It has ended, or belongs to another user and so is none of ours.
    return false;
  }
}

/** Sends a signal unless the process has ended, and whatever the signal would do has happened. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
