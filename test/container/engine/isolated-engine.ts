import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command.ts';
import { freeTestNet } from './free-test-net.ts';
import type { KeeperOrder, KeeperReport } from './keeper-protocol.ts';
import { answersPing } from './ping.ts';

const upWithinMs = 30_000;
const pollMs = 20;
const namespaces = ['--mount', '--net', '--ipc', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'];

// The first process of the namespaces reads a line before it goes on: by then its network has been laid. What the
// engine writes outside of its folder it writes on mounts that no one else sees. The name server is slirp4netns's own,
// which asks this machine's.
const inside = `
folder=$1 address=$2
read -r go
ip link set lo up
ip address add "$address/24" dev host
ip link set host up
mount -t tmpfs tmpfs /run
if [ -d /opt ]; then
  mount -t overlay -o "lowerdir=/opt,upperdir=$folder/opt,workdir=$folder/opt-work" overlay /opt
fi
exec docker-init -- dockerd --host "unix://$folder/docker.sock" --pidfile "$folder/dockerd.pid" \\
  --data-root "$folder/data" --exec-root "$folder/exec" --dns 10.0.2.3 \\
  --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/\${folder##*/}"
`;

export interface IsolatedEngine {
  /** Resolves once it answers, or with why it does not. */
  readonly up: Promise<KeeperReport>;
  /** Ends all its processes, containers included; resolves when the last has gone. */
  kill(): Promise<void>;
}

/**
 * Starts an engine in namespaces of its own for mounts, processes and the network. The network leads to this machine by
 * a pair of interfaces, and by slirp4netns, an ordinary process, to wherever this machine can connect to: so no rule and
 * no setting of this machine's network is needed. The kernel ends all of it with the calling process.
 */
export async function isolatedEngine({ folder, path, env }: KeeperOrder): Promise<IsolatedEngine> {
  const net = freeTestNet();
  for (const part of ['opt', 'opt-work']) await mkdir(join(folder, part));
  const log = openSync(join(folder, 'log'), 'a');
  const start = (command: readonly string[], ready: 'pipe' | 'ignore' = 'ignore') =>
    spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      cwd: '/',
      env: { ...process.env, ...env, PATH: path },
      stdio: ['pipe', log, log, ready],
    });
  const ip = (...args: string[]) => run('ip', args, { env: { ...env, PATH: path } });
  const outer = start(['unshare', ...namespaces, 'sh', '-euc', inside, 'sh', folder, net.inside]);
  const exited = once(outer, 'exit');
  const runs = () => outer.exitCode === null && outer.signalCode === null;
  const others: ChildProcess[] = [];

  const bringUp = async (): Promise<KeeperReport> => {
    const first = await firstProcessOf(outer);
    const name = basename(folder);
    await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'host', 'netns', first);
    await ip('address', 'add', `${net.outside}/24`, 'dev', name);
    await ip('link', 'set', name, 'up');
    const options = ['--configure', '--mtu=1500', '--disable-host-loopback', '--ready-fd=3'];
    const slirp = start(['slirp4netns', ...options, first, 'uplink'], 'pipe');
    others.push(slirp);
    // It writes there when the interface is up, and the pipe ends if it fails.
    for await (const _ of slirp.stdio[3] as AsyncIterable<Buffer>) break;
    outer.stdin?.end('go\n');
    const socket = join(folder, 'docker.sock');
    const deadline = performance.now() + upWithinMs;
    while (runs() && performance.now() < deadline) {
      if (await answersPing(socket)) return { socket, host: net.inside };
      await sleep(pollMs);
    }
    const lines = (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');
    return { failed: lines.slice(-5).join(' ') };
  };
  const up = bringUp().catch((error: unknown) => ({
    failed: error instanceof Error ? error.message : String(error),
  }));
  return {
    up,
    async kill() {
      // The kernel ends all others in the namespace before its first process is gone, for which `unshare` waits.
      const first = runs() ? await firstProcessOf(outer) : undefined;
      if (first !== undefined) process.kill(Number(first), 'SIGKILL');
      await exited;
      await up;
      for (const other of others) other.kill('SIGKILL');
      closeSync(log);
    },
  };
}

/** The first process in the new namespaces, as this machine numbers it. Throws if it was not to be had. */
async function firstProcessOf(outer: ChildProcess): Promise<string> {
  const pid = String(outer.pid ?? 0);
  for (;;) {
    const first = /\d+/.exec(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))?.[0];
    if (first !== undefined) return first;
    if (outer.exitCode !== null) throw new Error('unshare cannot make namespaces');
    await sleep(pollMs);
  }
}
