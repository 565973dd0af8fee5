import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';
import { tokenOf } from './stack-client.ts';
import type { Stack } from './stack.ts';

const services = ['postgres', 'redis', 'influxdb', 'db-init', 'backend'];
const running = services.filter((service) => service !== 'db-init');
const healthPaths = ['', '/liveness', '/readiness', '/startup', '/detailed'];

/** A word that each server's processes are known by: what is read of them is not nothing. */
const known: Readonly<Record<string, string>> = {
  postgres: 'POSTGRES_DB=trading',
  redis: 'redis-server',
  influxdb: 'INFLUXDB_DB=trading',
  backend: 'SECRET_KEY_FILE=',
};

/** The secrets of a stack by the name of their file. */
export async function secretsOf(stack: Stack): Promise<Readonly<Record<string, string>>> {
  const folder = join(stack.folder, 'docker/secrets');
  const names = await readdir(folder);
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, (contents[index] ?? '').trim()]));
}

/** Everything in which a secret could be seen by who may look at the stack but not into its files. */
export async function placesOfSecrets(
  engine: EngineAccess,
  stack: Stack,
): Promise<Readonly<Record<string, string>>> {
  const [images, containers, processes, logs, files, answers] = await Promise.all([
    mustDocker(engine, ['history', '--no-trunc', stack.image]),
    inspections(engine, stack),
    processesOf(stack),
    containerLogs(engine, stack),
    logFiles(stack),
    healthAnswers(stack),
  ]);
  return { 'the image': images, ...containers, ...processes, ...logs, ...files, ...answers };
}

type Places = Readonly<Record<string, string>>;

async function each(
  names: readonly string[],
  what: string,
  read: (name: string) => Promise<string>,
): Promise<Places> {
  const texts = await Promise.all(names.map(read));
  return Object.fromEntries(names.map((name, index) => [`${what} ${name}`, texts[index] ?? '']));
}

const inspections = (engine: EngineAccess, stack: Stack): Promise<Places> =>
  each(services, 'inspect', (service) => mustDocker(engine, ['inspect', stack.container(service)]));

const processesOf = (stack: Stack): Promise<Places> =>
  each(running, 'processes of', async (service) => {
    // A process that has just ended cannot be read.
    const read = 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; true';
    const text = await stack.inside(service, 'sh', '-c', read);
    if (!text.includes(known[service] ?? '\0'))
      throw new Error(`The processes of ${service} cannot be read.`);
    return text;
  });

const containerLogs = (engine: EngineAccess, stack: Stack): Promise<Places> =>
  each(services, 'log of', async (service) => {
    const text = await mustDocker(engine, ['logs', stack.container(service)]);
    const { stdout, stderr } = await stack.compose('logs', '--no-log-prefix', service);
    return [text, stdout, stderr].join('\n');
  });

async function logFiles(stack: Stack): Promise<Places> {
  const folder = join(stack.folder, 'logs');
  return each(await readdir(folder), 'file', (name) => readFile(join(folder, name), 'utf8'));
}

async function healthAnswers(stack: Stack): Promise<Places> {
  const [api, token] = await Promise.all([stack.api(), tokenOf(stack, 'read')]);
  return each(healthPaths, 'answer of health', async (path) => {
    const response = await fetch(`${api}/health${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (response.status !== 200) throw new Error(`health${path} answered ${String(response.status)}.`);
    return JSON.stringify([...response.headers]) + (await response.text());
  });
}
