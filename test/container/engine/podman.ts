import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandEnd, run, runToEnd } from './command.ts';
import { EngineUnavailableError } from './engine.ts';
import { engineFolder, removeLeftovers, removeTraces } from './leftovers.ts';
import { podmanPrograms } from './podman-programs.ts';
import { privateObstacle } from './private-obstacle.ts';

const network = 'trading';
const path = '/usr/sbin:/usr/bin:/sbin:/bin';

/** A podman of this process's own, which ends with it; for `await using`. */
export interface Podman extends AsyncDisposable {
  /** A temporary folder that the containers' mounts may lie in. */
  readonly folder: string;
  /** Runs podman to its end and returns its standard output. Throws with what it wrote if it fails. */
  run(...args: readonly string[]): Promise<string>;
  /** Runs podman to its end, whatever its exit code. */
  runToEnd(...args: readonly string[]): Promise<CommandEnd>;
  /** Plays a file of Kubernetes objects; its pods find each other by their names. */
  play(file: string): Promise<void>;
}

// podman puts its cgroups below the root: here that is a cgroup of its own, with the name of the folder.
const cgroups = `
for controller in /sys/fs/cgroup /sys/fs/cgroup/*; do
  if [ -L "$controller" ] || ! [ -e "$controller/cgroup.procs" ]; then continue; fi
  mkdir "$controller/\${folder##*/}"
  for part in cpuset.cpus cpuset.mems; do
    if [ -e "$controller/$part" ]; then cat "$controller/$part" > "$controller/\${folder##*/}/$part"; fi
  done
  mount --bind "$controller/\${folder##*/}" "$folder/cgroup"
  umount "$controller"
  mount --move "$folder/cgroup" "$controller"
done
`;

// The programs are laid over the machine's /usr and /etc. What podman writes outside of the folder it writes on mounts
// that no one else sees: its settings, and a cache in /var/lib. The first process waits for the end of its input, which
// comes with the end of this process, and the kernel ends all others with it.
const inside = `
folder=$1 programs=$2
${cgroups}
mount -t overlay -o "lowerdir=$programs/usr:/usr" overlay /usr
mount -t overlay -o "lowerdir=$programs/etc:/etc,upperdir=$folder/etc,workdir=$folder/etc-work" overlay /etc
mount -t overlay -o "lowerdir=/var/lib,upperdir=$folder/var,workdir=$folder/var-work" overlay /var/lib
mount -t tmpfs tmpfs /run
ip link set lo up
echo ready
exec cat
`;

// Without CAP_SYS_RESOURCE podman's own limits are refused. crun refuses machines with both versions of cgroups.
const configuration = `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "runc"
[network]
network_backend = "netavark"
`;

/**
 * Starts a podman in namespaces of its own for mounts, processes and the network. Throws an EngineUnavailableError
 * where that cannot be.
 */
export async function startPodman(): Promise<Podman> {
  const obstacle = await privateObstacle();
  if (obstacle !== undefined) throw new EngineUnavailableError(`There is no podman: ${obstacle}`);
  const programs = await podmanPrograms();
  await removeLeftovers();
  const folder = await engineFolder();
  await writeConfiguration(folder);
  const namespaces = [
    '--mount',
    '--net',
    '--ipc',
    '--uts',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  const outer = spawn('unshare', [...namespaces, 'sh', '-euc', inside, 'sh', folder, programs], {
    cwd: '/',
    env: { PATH: path },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(outer, 'exit');
  const dispose = async (): Promise<void> => {
    outer.stdin.end();
    await exited;
    await removeTraces(folder);
  };
  const ready = await Promise.race([once(outer.stdout, 'data').then(() => true), exited.then(() => false)]);
  if (!ready) {
    const said = String(outer.stderr.read() ?? '').trim();
    await dispose();
    throw new EngineUnavailableError(`podman's namespaces cannot be made: ${said}`);
  }
  const pid = String(outer.pid ?? 0);
  const first = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim();
  // Nothing of the caller's environment, which may name another engine and its files.
  const clean = ['env', '-i', `PATH=${path}`, `HOME=${folder}`, `TMPDIR=${folder}`, 'podman'];
  const entering = ['--target', first, '--mount', '--net', '--ipc', '--uts', '--pid', '--', ...clean];
  const podman: Podman = {
    folder,
    run: (...args) => run('nsenter', [...entering, ...args], { cwd: '/' }),
    runToEnd: (...args) => runToEnd('nsenter', [...entering, ...args], { cwd: '/' }),
    play: async (file) => void (await podman.run('play', 'kube', '--network', network, file)),
    [Symbol.asyncDispose]: dispose,
  };
  try {
    await podman.run('network', 'create', network);
    return podman;
  } catch (error) {
    await dispose();
    throw new EngineUnavailableError(`podman does not work here: ${String(error)}`);
  }
}

async function writeConfiguration(folder: string): Promise<void> {
  const parts = ['etc/containers', 'etc-work', 'var', 'var-work', 'storage', 'cgroup'];
  for (const part of parts) await mkdir(join(folder, part), { recursive: true });
  const storage = `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/storage"\nrunroot = "/run/containers/storage"\n`;
  const files = { 'containers.conf': configuration, 'storage.conf': storage, 'registries.conf': '' };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, 'etc/containers', name), text);
}
