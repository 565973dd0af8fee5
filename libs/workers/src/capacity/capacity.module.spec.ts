import { Lifecycle } from '@app/lifecycle';
import { describe, expect, it } from 'vitest';
import { CapacityModule } from './capacity.module.js';
import { demandIn } from './demand.fixture.js';
import { nowhere, sourcesAt } from './sources.fixture.js';

describe('CapacityModule', () => {
  it.each([
    ['enforce', true, ['capacity']],
    ['enforce', false, []],
    ['warn', true, ['capacity']],
    ['warn', false, []],
    ['off', true, []],
  ] as const)('with %s and firstStart %s registers %j', (capacityCheck, firstStart, registered) => {
    const { performance, ingest } = demandIn({});
    const config = {
      app: { name: 'capacity-test' },
      performance: { ...performance, capacityCheck },
      ingest,
    };
    const lifecycle = new Lifecycle([]);
    const { postgres, redis } = sourcesAt(nowhere);
    new CapacityModule({ config, firstStart }, lifecycle, postgres, redis).onModuleInit();
    expect(lifecycle.preflight.all.map(({ name }) => name)).toEqual(registered);
  });
});
