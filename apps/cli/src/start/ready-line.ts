import { setTimeout as sleep } from 'node:timers/promises';
import type { ListenAddresses } from '@app/config';

const pollMs = 100;
const answerWithinMs = 2_000;

/** Waits until the backend is ready; returns the line that says so, with its URLs. Throws when aborted. */
export async function untilReady(addresses: ListenAddresses, signal: AbortSignal): Promise<string> {
  const base = urlOf(addresses.host, addresses.port);
  while (!(await answersOk(`${base}/api/v1/health/readiness`, signal))) {
    await sleep(pollMs, undefined, { signal });
  }
  return readyLine(addresses);
}

/** One line that begins with `ready`. */
export function readyLine(addresses: ListenAddresses): string {
  const base = urlOf(addresses.host, addresses.port);
  return [
    `ready: API ${base}/api/v1`,
    `health ${base}/api/v1/health`,
    `management ${urlOf(addresses.managementHost, addresses.managementPort)}`,
  ].join(', ');
}

/** How a program on this machine reaches what listens there. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

async function answersOk(url: string, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  try {
    const response = await fetch(url, {
      headers: { connection: 'close' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Not up yet; if it was aborted, the caller sees it.
    return false;
  }
}
