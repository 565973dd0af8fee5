import { mkdir, mkdtemp, realpath, rm, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, runToEnd } from './command.ts';

/**
 * Whether the engine can really run something, not only answer: a container of three files (`true`, its loader, the C
 * library) under limits, without a network. Returns what went wrong, or undefined.
 */
export async function trial(env: Readonly<Record<string, string>>): Promise<string | undefined> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'trading-trial-'));
  const image = `stand-in/trial:${String(process.pid)}`;
  try {
    const program = await realpath('/bin/true');
    for (const file of [program, ...(await librariesOf(program))]) {
      const target = join(folder, file === program ? '/true' : file);
      await mkdir(dirname(target), { recursive: true });
      await cp(await realpath(file), target);
    }
    const archive = join(folder, 'trial.tar');
    await run('tar', ['-C', folder, '-cf', archive, '--exclude=trial.tar', '.']);
    await run('docker', ['import', archive, image], { env });
    const limits = ['--network', 'none', '--memory', '64m', '--cpus', '.5'];
    await run('docker', ['run', '--rm', ...limits, image, '/true'], { env, timeoutMs: 60_000 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await runToEnd('docker', ['image', 'rm', '--force', image], { env }).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

async function librariesOf(program: string): Promise<string[]> {
  const listing = await run('ldd', [program]);
  return [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}
