import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { mustDocker } from '../../test/container/engine/docker.ts';
import type { EngineAccess } from '../../test/container/engine/engine.ts';

/** Each answer costs the program some of the time that is measured. */
const pollMs = 10;
const limitMs = 60_000;

export interface StartPlan {
  readonly image: string;
  /** For `docker create`. */
  readonly options: readonly string[];
  /** A free port of the engine's host. */
  readonly port: number;
}

/** From the start of the container's process, as the engine has it, to the first 200 on readiness, in milliseconds. */
export async function timeToReady(
  engine: EngineAccess,
  { image, options, port }: StartPlan,
): Promise<number> {
  const published = ['--publish', `${String(port)}:8000`];
  const id = await mustDocker(engine, ['create', ...options, ...published, image]);
  try {
    // Asked before its network stands, a packet is lost and sent again only a second later.
    await mustDocker(engine, ['start', id]);
    const readyAt = await firstSuccess(`http://${engine.host}:${String(port)}/api/v1/health/readiness`);
    const startedAt = await mustDocker(engine, ['inspect', '--format', '{{.State.StartedAt}}', id]);
    return readyAt - Date.parse(startedAt);
  } finally {
    await mustDocker(engine, ['rm', '--force', '--volumes', id]);
  }
}

/** Asks again and again until it is answered with 200, and returns when that was. */
async function firstSuccess(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const deadline = Date.now() + limitMs;
  try {
    while (Date.now() < deadline) {
      if (await succeeds(url, agent)) return Date.now();
      await pause(pollMs);
    }
  } finally {
    agent.destroy();
  }
  throw new Error(`${url} did not answer with 200 within ${String(limitMs)} ms.`);
}

function succeeds(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent }, (response) => {
      response.resume().once('close', () => resolve(response.statusCode === 200));
    }).once('error', () => resolve(false));
  });
}
