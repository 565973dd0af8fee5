import type { Config } from '@app/config';
import { ConfigModule } from '@app/config/nest';
import { startInfluxdb } from '@app/dev-services';
import { Lifecycle } from '@app/lifecycle';
import { LifecycleModule } from '@app/lifecycle/nest';
import { Test } from '@nestjs/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InfluxClient } from './influx-client.js';
import { InfluxdbModule } from './influxdb.module.js';

const influxdb = { api: 'auto', database: 'trading', org: undefined, token: undefined } as const;

describe('InfluxdbModule', () => {
  it('offers a client of the configured server, which is closed by a step of the shutdown', async () => {
    const server = await startInfluxdb();
    onTestFinished(() => server.stop());
    const lifecycle = new Lifecycle(['influxdb']);
    const datastores: Config['datastores'] = {
      databaseUrl: '',
      redisUrl: '',
      influxdb: { url: server.url, ...influxdb, username: undefined, password: undefined },
      ca: undefined,
    };
    const module = await Test.createTestingModule({
      imports: [LifecycleModule.forRoot(lifecycle), ConfigModule.forRoot({ datastores }), InfluxdbModule],
    }).compile();
    await module.init();
    onTestFinished(() => module.close());
    const client = module.get(InfluxClient);

    expect(await client.api()).toBe('v1');
    const steps = lifecycle.shutdown.of('close');
    expect(steps.map(({ name }) => name)).toEqual(['influxdb']);
    lifecycle.application.enter('draining', 'test');
    await module.close();
    // The hooks of other modules may still need it.
    await expect(client.api()).resolves.toBe('v1');
    await steps[0]?.run(AbortSignal.timeout(1_000));
    await expect(client.api()).rejects.toMatchObject({ code: 'datastore_unavailable' });
  });
});
