import type { RunningProcess } from '@app/testing';
import { waitFor } from '@app/testing';
import { type Environment, runApp, secretKey, startApp } from './programs.js';

/** A backend under test; for `await using`, which kills it if it still runs. */
export interface Backend extends AsyncDisposable {
  readonly process: RunningProcess;
  /** As `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly managementUrl: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  send(method: string, path: string, body: unknown): Promise<Answer>;
  /** Resolves once readiness is 200. */
  ready(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface BackendOptions {
  /** A token that was made before; one is made if it is not given. */
  readonly token?: string;
  /** Starts another build than the one under test. */
  readonly start?: (env: Environment) => Promise<RunningProcess>;
}

/** Starts the backend on free ports; resolves once it listens. */
export async function startBackend(env: Environment, options: BackendOptions = {}): Promise<Backend> {
  const { token = await writeToken(), start = (all) => startApp('backend', all) } = options;
  const process = await start({ SECRET_KEY: secretKey, PORT: '0', MANAGEMENT_PORT: '0', ...env });
  const listening = await process.waitForOutput(/"api":"([^"]+)","management":"([^"]+)"/);
  const [, url = '', managementUrl = ''] = listening;
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${url}/api/v1${path}`, init);
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  return {
    process,
    url,
    managementUrl,
    get: (path, headers = {}) => ask(path, { headers }),
    send: (method, path, body) =>
      ask(path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    ready: async () => {
      await waitFor(async () => (await ask('/health/readiness')).status === 200, {
        timeoutMs: 20_000,
        message: `readiness of ${url}`,
      });
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

/** A bearer token with the scope `write`, made by the command that users have. */
export async function writeToken(): Promise<string> {
  const args = ['token', '--scope', 'write'];
  const { code, stdout, stderr } = await runApp('cli', { SECRET_KEY: secretKey }, args);
  if (code !== 0) throw new Error(`No token was made (${String(code)}): ${stderr}`);
  return stdout.trim();
}
