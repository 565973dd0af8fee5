import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const connections = 400;

/** A request as it is sent over and over. */
export interface LoadRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What became of one request; times are milliseconds. */
export interface LoadAnswer {
  /** 0 where the connection broke. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** When it was sent, since the load began. */
  readonly sentAt: number;
  readonly tookMs: number;
}

/**
 * Sends at this rate per second for a time, whether or not answers come, over connections that a balancer would have
 * open already.
 */
export async function openLoad(
  what: LoadRequest,
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
): Promise<LoadAnswer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  const warmUp: LoadRequest = {
    url: `${new URL(what.url).origin}/api/v1/health/liveness`,
    method: 'GET',
    headers: {},
  };
  await Promise.all(Array.from({ length: connections }, () => send(warmUp, agent, performance.now())));
  const began = performance.now();
  const answers: Promise<LoadAnswer>[] = [];
  for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - began) {
    const due = Math.ceil((elapsed / 1_000) * perSecond);
    while (answers.length < due) answers.push(send(what, agent, began));
    await sleep(2);
  }
  const all = await Promise.all(answers);
  agent.destroy();
  return all;
}

/** Sends one after the other on each of some connections for a time; the same one, or each time another. */
export async function closedLoad(
  what: LoadRequest | (() => LoadRequest),
  { connections, forMs }: { readonly connections: number; readonly forMs: number },
): Promise<LoadAnswer[]> {
  const next = typeof what === 'function' ? what : (): LoadRequest => what;
  const agent = new Agent({ keepAlive: true });
  const began = performance.now();
  const answers: LoadAnswer[] = [];
  const connection = async (): Promise<void> => {
    while (performance.now() - began < forMs) answers.push(await send(next(), agent, began));
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return answers;
}

function send(what: LoadRequest, agent: Agent, began: number): Promise<LoadAnswer> {
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, headers: IncomingHttpHeaders, body: string): void =>
      resolve({ status, headers, body, sentAt: sentAt - began, tookMs: performance.now() - sentAt });
    const { method, headers, body } = what;
    const sized = body === undefined ? headers : { ...headers, 'content-length': String(body.byteLength) };
    const outgoing = request(what.url, { method, headers: sized, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => end(response.statusCode ?? 0, response.headers, text));
      response.on('error', () => end(0, {}, text));
    });
    outgoing.on('error', (error) => end(0, {}, String(error)));
    outgoing.end(body);
  });
}

/** The value below which this part of the numbers lies. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
