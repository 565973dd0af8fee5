import { existsSync } from 'node:fs';
import { glob, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeCgroups } from './cgroups.ts';

/** Short: the folder's name is also that of a network interface, which has at most 15 characters. */
const prefix = 'tengine-';
const interfaceGoneMs = 10_000;
const pollMs = 10;

/** Makes the temporary folder of a new engine, marked as belonging to this process until its keeper takes it over. */
export async function engineFolder(): Promise<string> {
  const made = await mkdtemp(join(await realpath(tmpdir()), `.${prefix}`));
  await claim(made);
  // It appears with its mark, so that nobody takes it for a leftover.
  const folder = join(dirname(made), basename(made).slice(1));
  await rename(made, folder);
  return folder;
}

/** Marks the engine as this process's: once that has ended, anyone may clear up behind it. */
export async function claim(folder: string): Promise<void> {
  const next = join(folder, '.owner');
  await writeFile(next, JSON.stringify([process.pid, await startOf(process.pid)]));
  await rename(next, join(folder, 'owner'));
}

/** The process to which the engine belongs; undefined if it has ended. */
export async function ownerOf(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'owner'), 'utf8').catch(() => '[]');
  const [pid, start] = JSON.parse(text) as [number?, string?];
  return pid !== undefined && start !== undefined && (await startOf(pid)) === start ? pid : undefined;
}

/** Clears up behind engines whose keeper was killed: the kernel has ended their processes, networks and mounts. */
export async function removeLeftovers(): Promise<void> {
  for await (const folder of glob(join(await realpath(tmpdir()), `${prefix}*`))) {
    if ((await ownerOf(folder)) === undefined) await removeTraces(folder);
  }
}

/** Removes what outlives an engine's processes: its cgroups and its folder. Throws if one cannot be removed. */
export async function removeTraces(folder: string): Promise<void> {
  await interfaceGone(basename(folder));
  await removeCgroups(basename(folder));
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** The kernel takes networks apart in the background. */
async function interfaceGone(name: string): Promise<void> {
  const deadline = performance.now() + interfaceGoneMs;
  while (existsSync(`/sys/class/net/${name}`)) {
    if (performance.now() > deadline)
      throw new Error(`The network interface ${name} stays: a process still uses it`);
    await sleep(pollMs);
  }
}

/** When a process started, which tells it from a later one with its pid; see proc(5). */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
