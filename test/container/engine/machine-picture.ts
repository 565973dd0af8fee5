import { readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { run } from './command.ts';
import type { Programs } from './programs.ts';

/** What an engine could change on the machine that it runs on. */
export type MachinePicture = Readonly<Record<string, readonly string[]>>;

const settings = ['net/ipv4/ip_forward', 'net/ipv4/conf/all/route_localnet', 'net/ipv6/conf/all/forwarding'];
const folders = ['/etc', '/opt', '/run', '/run/netns', '/var/lib', tmpdir()];

/**
 * Looks at this machine. Of what bears the name of an engine only the own one's is shown, as others may come and go at
 * the same time; each kind of trace has a list of its own, so that a difference names it.
 */
export async function machinePicture(own?: string): Promise<MachinePicture> {
  const controllers = await names('/sys/fs/cgroup');
  const cgroups = await Promise.all(controllers.map((controller) => names(`/sys/fs/cgroup/${controller}`)));
  const files = await Promise.all(folders.map((folder) => names(folder)));
  const picture = {
    links: await names('/sys/class/net'),
    settings: await Promise.all(settings.map((name) => readFile(`/proc/sys/${name}`, 'utf8'))),
    mounts: (await readFile('/proc/self/mounts', 'utf8')).split('\n'),
    cgroups: cgroups.flat(),
    files: files.slice(0, -1).flat(),
    engines: files.at(-1)?.filter((name) => name.includes('tengine-')) ?? [],
    processes: await processesWith(own),
  };
  const foreign = (line: string) => line.includes('tengine-') && (own === undefined || !line.includes(own));
  return Object.fromEntries(
    Object.entries(picture).map(([kind, lines]) => [kind, lines.filter((line) => !foreign(line))]),
  );
}

/** The rules of this machine's packet filter, of both versions of IP. */
export async function filterRules(programs: Programs): Promise<string[]> {
  const env = { ...programs.env, PATH: `${programs.bin}:${process.env['PATH'] ?? ''}` };
  const listings = [await run('iptables-save', [], { env }), await run('ip6tables-save', [], { env })];
  return listings.flatMap((text) => text.split('\n').filter((line) => !line.startsWith('#')));
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = await readdir(folder).catch(() => []);
  return found.toSorted();
}

/** The processes that name the engine in their command line or write to a file of its folder. */
async function processesWith(own: string | undefined): Promise<string[]> {
  if (own === undefined) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const output = await readlink(`/proc/${pid}/fd/2`).catch(() => '');
      return `${command.replaceAll('\0', ' ')} > ${output}`;
    }),
  );
  return lines.filter((line) => line.includes(own)).toSorted();
}
