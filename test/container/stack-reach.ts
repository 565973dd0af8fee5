import { connect } from 'node:net';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';
import type { Stack } from './stack.ts';

const waitMs = 2_000;

/** Those of the ports at which something on the host answers. */
export async function openPorts(host: string, ports: readonly number[]): Promise<readonly number[]> {
  const answers = await Promise.all(ports.map((port) => isOpen(host, port)));
  return ports.filter((_, index) => answers[index]);
}

function isOpen(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: waitMs });
  const end = (open: boolean) => {
    socket.destroy();
    resolve(open);
  };
  socket.once('connect', () => end(true));
  socket.once('error', () => end(false));
  socket.once('timeout', () => end(false));
  return promise;
}

const serverPorts = { postgres: 5432, redis: 6379, influxdb: 8086 };

/** Each datastore by its address in a network and by its name, as `host:port`. Throws where one is in another, too. */
export async function serverTargets(stack: Stack, network: string): Promise<readonly string[]> {
  const targets = Object.entries(serverPorts).map(async ([service, port]) => {
    const { Networks } = (await stack.inspect(service)).NetworkSettings;
    if (Object.keys(Networks).join() !== network)
      throw new Error(`${service} is in ${JSON.stringify(Networks)}`);
    return [Networks[network]?.IPAddress ?? '', service].map((host) => `${host}:${String(port)}`);
  });
  return (await Promise.all(targets)).flat();
}

/** Tries each target in the container; told as `connected`, `timeout` or the code of the error. */
const attempt = `
const { connect } = require('node:net');
const trial = (target) => new Promise((resolve) => {
  const [host, port] = target.split(':');
  const socket = connect({ host, port });
  const end = (what) => { socket.destroy(); resolve(what); };
  setTimeout(end, ${String(waitMs)}, 'timeout');
  socket.on('connect', () => end('connected'));
  socket.on('error', ({ code }) => end(code));
});
Promise.all(process.argv.slice(1).map(trial)).then((ends) => { console.log(JSON.stringify(ends)); process.exit(); });
`;

/**
 * What becomes of connections from a container of a network.
 * @param targets As `host:port`, by address or name.
 */
export async function reachable(
  engine: EngineAccess,
  network: string,
  targets: readonly string[],
): Promise<readonly string[]> {
  const node = ['run', '--rm', '--network', network, engine.images.NODE_IMAGE, 'node', '-e', attempt];
  return JSON.parse(await mustDocker(engine, [...node, ...targets])) as string[];
}
