import http from 'node:http';
import https from 'node:https';
import { type HttpHeaders, InfluxDB, type SendOptions, type Transport } from '@influxdata/influxdb-client';
import type { InfluxClientOptions } from './options.js';

export interface InfluxRequest {
  readonly method: 'GET' | 'POST';
  /** With its query, from the API's root on. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface InfluxAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

const formType = 'application/x-www-form-urlencoded';

/** The transport has the same AbortError for a signal of ours and for a server that breaks off. */
function explained(error: Error, signal: AbortSignal): Error {
  if (error.name !== 'AbortError') return error;
  if (signal.aborted) return signal.reason instanceof Error ? signal.reason : error;
  return Object.assign(new Error('The server broke off its answer.'), { code: 'ECONNRESET' });
}

/** The official client's transport over kept connections, at most `maxSockets` of them. */
export class InfluxHttp {
  readonly #agent: http.Agent;
  readonly #transport: Transport;

  constructor(options: InfluxClientOptions, maxSockets: number) {
    const secure = options.url.startsWith('https:');
    const pool = { keepAlive: true, maxSockets };
    this.#agent = secure
      ? new https.Agent({ ...pool, ...(options.ca === undefined ? {} : { ca: options.ca }) })
      : new http.Agent(pool);
    // The transport's own timeout reports, but leaves the request running: each call brings a signal instead.
    const connection = { url: options.url, timeout: 0, transportOptions: { agent: this.#agent } };
    this.#transport = new InfluxDB(connection).transport;
  }

  /** Throws the client's HttpError for an answer from 300 on, and network failures as they are. */
  request(request: InfluxRequest): Promise<InfluxAnswer> {
    return new Promise((resolve, reject) => {
      const chunks: Uint8Array[] = [];
      let status = 0;
      let headers: HttpHeaders = {};
      const options = { method: request.method, headers: { ...request.headers }, signal: request.signal };
      this.transport(request.signal).send(request.path, request.body ?? '', options, {
        responseStarted: (answered, code = 0) => {
          headers = answered;
          status = code;
        },
        next: (chunk) => void chunks.push(chunk),
        complete: () => resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') }),
        error: reject,
      });
    });
  }

  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<InfluxAnswer> {
    return this.request({
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': formType },
      body: new URLSearchParams(form).toString(),
      signal,
    });
  }

  /** A transport for the official WriteApi, all of whose requests end with the signal. */
  transport(signal: AbortSignal): Transport {
    const transport = this.#transport;
    const bound = (options: SendOptions): SendOptions => ({ ...options, signal });
    return {
      chunkCombiner: transport.chunkCombiner,
      send: (path, body, options, callbacks) =>
        transport.send(path, body, bound(options), {
          ...callbacks,
          error: (error) => callbacks?.error?.(explained(error, signal)),
        }),
      request: (path, body: unknown, options, started) =>
        transport.request(path, body, bound(options), started),
      iterate: (path, body: unknown, options) => transport.iterate(path, body, bound(options)),
    };
  }

  /** Ends all connections, also those in use. */
  close(): void {
    this.#agent.destroy();
  }
}
