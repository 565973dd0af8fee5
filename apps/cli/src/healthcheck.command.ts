import { get } from 'node:http';
import { isIPv6 } from 'node:net';
import { type ListenAddresses, processSource, readListenAddresses } from '@app/config';
import { AppError, coreErrors, exitCodes } from '@app/errors';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Shorter than the 10 s after which an engine ends its check, so that the reason is told. */
const timeoutMs = 5_000;

interface Options {
  readonly path: string;
  readonly port?: number;
}

/** `healthcheck`: asks the service of this container for its health; what engines run as their check. */
export function registerHealthcheck(program: Command): void {
  program
    .command('healthcheck')
    .description('ask the service in this container for its health; the exit code is 1 if it is not healthy')
    .addOption(new Option('--path <path>', 'what to ask for').default('/api/v1/health/').argParser(pathValue))
    .addOption(new Option('--port <port>', 'where to ask, instead of PORT').argParser(portValue))
    .action(healthcheck);
}

async function healthcheck({ path, port: asked }: Options): Promise<void> {
  const addresses = readListenAddresses(processSource());
  const port = asked ?? addresses.port;
  if (port === 0) throw new AppError(coreErrors.usage, 'PORT is 0: name the port with --port.');
  const url = `http://${hostOf(addresses, port)}:${String(port)}${path}`;
  const { healthy, answer } = await ask(url);
  console.log(`${healthy ? 'healthy' : 'unhealthy'}: ${url} ${answer}`);
  if (!healthy) process.exitCode = exitCodes.failed;
}

/** The address of this machine at which a server that listens on HOST can be reached. */
function hostOf({ host, managementHost, managementPort }: ListenAddresses, port: number): string {
  const listening = port === managementPort ? managementHost : host;
  if (listening === '0.0.0.0') return '127.0.0.1';
  if (listening === '::') return '[::1]';
  return isIPv6(listening) ? `[${listening}]` : listening;
}

interface Result {
  readonly healthy: boolean;
  /** Status and body, or what went wrong. */
  readonly answer: string;
}

function ask(url: string): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Result>();
  const failed = ({ name, message }: Error): void =>
    resolve({ healthy: false, answer: name === 'AbortError' ? 'did not answer within 5 s' : message });
  const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
    const { statusCode = 0 } = response;
    const chunks: string[] = [];
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => chunks.push(chunk));
    response.on('error', failed);
    response.on('end', () =>
      resolve({
        healthy: statusCode >= 200 && statusCode < 300,
        answer: `answered ${String(statusCode)} ${chunks.join('')}`.trimEnd(),
      }),
    );
  });
  request.on('error', failed);
  return promise;
}

function pathValue(text: string): string {
  if (!text.startsWith('/')) throw new InvalidArgumentError('A path begins with a slash.');
  return text;
}

function portValue(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
}
