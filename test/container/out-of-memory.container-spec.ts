// What is left of a container when the kernel has killed in it. Code that runs before the program makes its workers greedy.
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { probing } from '../support/probe.ts';
import { servingWorkers } from '../support/workers.ts';
import { engineOfRun, test } from './engine/container-test.ts';
import { buildProjectImage } from './project-image.ts';
import { type DatastoreNetwork, startDatastoreNetwork } from './rolling/datastore-network.ts';
import { type LimitedService, startLimitedService } from './workers/limited-service.ts';

const advice = /out of memory\. Raise the container's memory limit, lower WORKER_PROCESSES/;

const made = new AsyncDisposableStack();
let image: string;
let network: DatastoreNetwork;
beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  image = await buildProjectImage(engine);
  network = made.use(await startDatastoreNetwork(engine, image));
});
afterAll(() => made.disposeAsync());

/** Runs in each worker alone; `require` is there. */
const inWorkers = (code: string): Readonly<Record<string, string>> => {
  const module = `import { createRequire } from 'node:module'; const require = createRequire('/app/'); if (process.send) { ${code} }`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
};

/** Takes memory without end, as a leak beside the heap would. */
const growing = inWorkers(
  'process.on("SIGUSR2", () => { for (const held = [];;) held.push(Buffer.alloc(2 ** 20, 1)); });',
);

/** Once there is a file that says so, fills the memory with what outlives it, while it is small itself. */
const filling = inWorkers(
  `const fs = require('node:fs');
  const [start, into, piece] = ['/dev/shm/start', '/dev/shm/memory', Buffer.alloc(2 ** 20, 1)];
  for (let mb = 0; fs.existsSync(start) && mb < 250; mb += 1) fs.appendFileSync(into, piece);`,
);

const signal = (service: LimitedService, name: string, pid: number): Promise<string> =>
  service.container.exec('bash', '-c', `kill -${name} ${String(pid)}`);

const startOf = async ({ container }: LimitedService) => (await container.state()).StartedAt;

describe('a worker that the kernel kills for want of memory', () => {
  test('is named with advice and replaced, while the other one serves', async ({ engine }) => {
    const place = network.program;
    const limits = { memoryMb: 512, cpus: 2 };
    await using service = await startLimitedService(engine, { image, place, ...limits, settings: growing });
    const [victim, other] = await servingWorkers(service, 2);
    const before = [await startOf(service), await service.oomKills()];
    using probes = probing(`${service.managementUrl}/readyz`, 10);
    await signal(service, 'USR2', victim?.pid ?? 0);
    await waitFor(async () => (await servingWorkers(service, 2)).some(({ restarts }) => restarts === 1), {
      timeoutMs: 30_000,
    });

    const [successor, neighbour] = await servingWorkers(service, 2);
    expect([successor?.number, successor?.pid === victim?.pid]).toEqual([victim?.number, false]);
    expect(neighbour).toMatchObject({ pid: other?.pid, restarts: 0 });
    const lines = (await service.messages()).filter((message) => advice.test(message));
    expect(lines).toEqual([
      expect.stringMatching(/^worker 1 \(pid \d+\) was killed by the kernel, since the container is out of/),
    ]);
    expect([await startOf(service), (await service.oomKills()) - 1]).toEqual(before);
    expect({
      unanswered: probes.unanswered,
      statuses: new Set(probes.answers.map(({ status }) => status)),
    }).toEqual({
      unanswered: 0,
      statuses: new Set([200]),
    });
  });
});

describe('a container whose memory something else holds', () => {
  test('ends with 70 and the reason, since it is the starting workers that the kernel kills', async ({
    engine,
  }) => {
    const place = [...network.program, '--shm-size', '400m'];
    const limits = { memoryMb: 256, cpus: 2 };
    await using service = await startLimitedService(engine, { image, place, ...limits, settings: filling });
    const [worker] = await servingWorkers(service, 1);
    const pid = String(worker?.pid ?? 0);
    await service.container.exec('bash', '-c', `touch /dev/shm/start; kill -KILL ${pid}`);
    const { ExitCode } = await waitFor(
      async () => {
        const state = await service.container.state();
        return state.Status === 'exited' ? state : undefined;
      },
      { timeoutMs: 30_000, message: 'the container to end' },
    );
    const messages = await service.messages();
    expect({ ExitCode, kills: messages.filter((message) => advice.test(message)).length }).toEqual({
      ExitCode: 70,
      kills: 5,
    });
    expect(messages).toContain('No worker can live: 5 workers died within 30 s before they were ready.');
  });
});
