import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownApt, unpack } from '../test/container/engine/apt.ts';
import { cached } from '../test/container/engine/cached.ts';
import { run, runToEnd } from '../test/container/engine/command.ts';
import { findDebianCodename } from '../test/container/engine/machine.ts';

const report = fileURLToPath(new URL('wrk-report.lua', import.meta.url));
/** An answer that takes longer counts as none. */
const answerLimitSeconds = 10;

/** What is sent; a GET unless it has a body. */
export interface WrkRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST. At most 128 KB: it goes through the environment. */
  readonly body?: string;
}

export interface WrkPlan extends WrkRequest {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The number of the processor that the client runs on; any if it is not given. */
  readonly processor?: number;
}

/** What wrk saw; times are milliseconds. */
export interface WrkReport {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Answers with a status of 400 or more. */
  readonly refused: number;
  /** Requests without an answer. */
  readonly unanswered: number;
}

/** Sends requests, one after the other on each of the connections. */
export type Wrk = (plan: WrkPlan) => Promise<WrkReport>;

/** wrk from PATH, or else, on Debian, from its package, which is kept in the ignored folder; it installs nothing. */
export async function findWrk(): Promise<Wrk | { readonly unavailable: string }> {
  const installed = await runToEnd('wrk', ['-v']).catch(() => undefined);
  if (installed !== undefined) return wrk('wrk', {});
  const release = await findDebianCodename();
  if (release === undefined) return { unavailable: 'wrk is not on PATH: install it.' };
  try {
    return await fetched(release);
  } catch (error) {
    return { unavailable: `wrk is not on PATH, and its package could not be fetched: ${String(error)}` };
  }
}

async function fetched(release: string): Promise<Wrk> {
  const folder = await cached('wrk', [release, process.arch], async (made) => {
    const apt = join(made, 'apt');
    await unpack(await (await ownApt(apt)).download(['wrk']), join(made, 'root'));
    await rm(apt, { recursive: true });
  });
  const libraries = join(folder, 'root/usr/lib');
  // Of those that it needs, only what the machine lacks was fetched.
  const places = (await readdir(libraries).catch(() => [])).map((name) => join(libraries, name));
  return wrk(join(folder, 'root/usr/bin/wrk'), { LD_LIBRARY_PATH: places.join(':') });
}

function wrk(command: string, env: Readonly<Record<string, string>>): Wrk {
  return async ({ url, connections, seconds, processor, headers = {}, body }) => {
    const size = ['--threads', '1', '--connections', String(connections)];
    const times = ['--duration', `${String(seconds)}s`, '--timeout', `${String(answerLimitSeconds)}s`];
    const named = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
    const args = [...size, ...times, ...named, '--script', report, url];
    const sent = body === undefined ? {} : { WRK_BODY: body };
    const pinned = processor === undefined ? [] : ['taskset', '--cpu-list', String(processor)];
    const [program = command, ...rest] = [...pinned, command, ...args];
    const written = await run(program, rest, { env: { ...env, ...sent } });
    return JSON.parse(written.slice(written.lastIndexOf('\n{'))) as WrkReport;
  };
}
