import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineUnavailableError } from './engine.ts';
import type { KeeperOrder, KeeperReport } from './keeper-protocol.ts';
import { engineFolder, removeLeftovers } from './leftovers.ts';
import type { Programs } from './programs.ts';

const keeperScript = fileURLToPath(new URL('keeper.ts', import.meta.url));

/** An engine that was brought up for this process and ends with it, by whatever way that ends. */
export interface PrivateEngine extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** The address at which published ports answer. */
  readonly host: string;
  /** Everything that it keeps on disk. */
  readonly folder: string;
}

/**
 * Brings up an engine in namespaces of its own: its bridges, rules, mounts and processes are not this machine's, and
 * go with it. Throws an EngineUnavailableError with the last lines of its log if it does not come up.
 */
export async function startPrivateEngine(programs: Programs): Promise<PrivateEngine> {
  await removeLeftovers();
  const folder = await engineFolder();
  const config = join(folder, 'config');
  await mkdir(config);
  await symlink(programs.plugins, join(config, 'cli-plugins'));
  const path = [programs.bin, process.env['PATH'] ?? ''].join(delimiter);
  const order: KeeperOrder = { folder, path, env: programs.env };
  const keeper = spawn(process.execPath, [keeperScript, JSON.stringify(order)], {
    cwd: '/',
    // Out of the reach of Ctrl-C: it ends when this process has ended.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(keeper, 'exit');
  const report = await firstReport(keeper.stdout);
  // Else a program that forgets to dispose of it would never end.
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout]) if (stream instanceof Socket) stream.unref();
  const end = async () => {
    keeper.ref();
    keeper.stdin.end();
    await exited;
  };
  if ('failed' in report) {
    await end();
    throw new EngineUnavailableError(`The engine did not come up: ${report.failed}`);
  }
  // The empty ones are as good as unset: what the caller has there is about another engine.
  const others = { DOCKER_CONTEXT: '', DOCKER_TLS_VERIFY: '', BUILDX_BUILDER: '' };
  const env = { ...others, DOCKER_HOST: `unix://${report.socket}`, DOCKER_CONFIG: config, PATH: path };
  return { env, host: report.host, folder, [Symbol.asyncDispose]: end };
}

async function firstReport(stream: AsyncIterable<Buffer>): Promise<KeeperReport> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk.toString();
    const end = text.indexOf('\n');
    if (end >= 0) return JSON.parse(text.slice(0, end)) as KeeperReport;
  }
  return { failed: 'the process that keeps it has ended' };
}
