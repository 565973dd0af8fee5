// The backend with three more routes: one keeps heap for a while, one takes the processor, and one never gives it back:
// `node costly-service.fixture.ts`, once it is built.
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Post } from '@nestjs/common';
const root = new URL('../..', import.meta.url).pathname;

const built = (path: string): Promise<unknown> => import(`${root}/dist/${path}.js`);
const { runService } = (await built('libs/bootstrap/src/index')) as typeof import('@app/bootstrap');
const { HealthSections } = (await built('libs/health/src/index')) as typeof import('@app/health');
const { runInWorkers } = (await built('libs/workers/src/index')) as typeof import('@app/workers');
const { createApplication } = (await built(
  'libs/bootstrap/src/nest',
)) as typeof import('@app/bootstrap/nest');
const { AppModule } = (await built(
  'apps/backend/src/app.module',
)) as typeof import('../../apps/backend/src/app.module.ts');

/** What one request keeps, as numbers in the heap: 4 MiB, and twice that while they are made. */
const kept = 2 ** 19;
const keptForMs = 4_000;
/** Some 5 ms of a processor. */
const rounds = 3_000_000;

class Costs {
  async hoard(): Promise<number> {
    const numbers = Array.from({ length: kept }, (_, index) => index + 0.5);
    await sleep(keptForMs);
    return numbers.length;
  }

  burn(): number {
    let sum = 0;
    for (let round = 0; round < rounds; round += 1) sum += Math.sqrt(round);
    return sum;
  }

  loop(): never {
    for (;;);
  }
}
// As decorators, which Node does not strip.
Controller()(Costs);
for (const name of ['hoard', 'burn', 'loop']) {
  const method = Object.getOwnPropertyDescriptor(Costs.prototype, name);
  if (method !== undefined) Post(name)(Costs.prototype, name, method);
}

class CostlyModule {}

const definition: import('@app/bootstrap').ServiceDefinition = {
  build: { version: 'fixture', commit: undefined },
  load: async (context) => {
    const imports = [AppModule.forRoot(context)];
    const module = { module: CostlyModule, imports, controllers: [Costs] };
    const { nest, handler, close } = await createApplication(module, context);
    nest.get(HealthSections).register('workers', () => context.workers());
    return { handler, close, knownMigrations: [], appliedMigrations: () => Promise.resolve([]) };
  },
};
process.exit(await runInWorkers((host) => runService(definition, host)));
