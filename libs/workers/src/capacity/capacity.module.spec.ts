import { Lifecycle } from '@app/lifecycle';
import { describe, expect, it } from 'vitest';
import { CapacityModule } from './capacity.module.js';
import { demandIn } from './demand.fixture.js';
import { nowhere, sourcesAt } from './sources.fixture.js';

describe('CapacityModule', () => {
  it.each([
    ['enforce', undefined, ['capacity']],
    ['enforce', 1, ['capacity']],
    ['enforce', 2, []],
    ['warn', 1, ['capacity']],
    ['off', 1, []],
  ] as const)('with %s registers for worker %s %j', (capacityCheck, worker, registered) => {
    const { performance, ingest } = demandIn({});
    const config = {
      app: { name: 'capacity-test' },
      performance: { ...performance, capacityCheck },
      ingest,
    };
    const lifecycle = new Lifecycle([]);
    const { postgres, redis } = sourcesAt(nowhere);
    new CapacityModule({ config, worker }, lifecycle, postgres, redis).onModuleInit();
    expect(lifecycle.preflight.all.map(({ name }) => name)).toEqual(registered);
  });
});
