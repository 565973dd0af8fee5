import { readdir, readFile, readlink } from 'node:fs/promises';

const established = '01';

/** How many connections to a local port a process holds; see proc_pid_fd(5) and proc_net_tcp(5). */
export async function connectionsOf(pid: number, port: number): Promise<number> {
  const folder = `/proc/${String(pid)}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const rows = (await readFile(`/proc/${String(pid)}/net/tcp`, 'utf8')).trim().split('\n').slice(1);
  return rows.filter((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    const localPort = Number.parseInt(local.split(':')[1] ?? '', 16);
    return localPort === port && state === established && inodes.has(inode);
  }).length;
}
