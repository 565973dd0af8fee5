import { ConfigModule } from '@app/config/nest';
import { freePort, startRedis } from '@app/dev-services';
import { Lifecycle } from '@app/lifecycle';
import { LifecycleModule } from '@app/lifecycle/nest';
import { Test } from '@nestjs/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RedisClient } from './redis-client.js';
import { RedisModule } from './redis.module.js';

describe('RedisModule', () => {
  it('starts without a server, connects when one comes, and is closed by a step of the shutdown', async () => {
    const port = await freePort();
    const lifecycle = new Lifecycle(['redis']);
    const config = {
      app: { name: 'module-test' },
      datastores: { redisUrl: `redis://127.0.0.1:${port}`, ca: undefined },
      performance: { redisMaxConnections: 4, redisConnectionTimeoutMs: 2_000 },
    };
    const module = await Test.createTestingModule({
      imports: [LifecycleModule.forRoot(lifecycle), ConfigModule.forRoot(Object.create(config)), RedisModule],
    }).compile();
    await module.init();
    onTestFinished(() => module.close());
    const server = await startRedis({ port });
    onTestFinished(() => server.stop());
    const client = module.get(RedisClient);

    await client.ready(AbortSignal.timeout(3_000));
    expect(await client.run((redis) => redis.client('GETNAME'))).toBe('module-test:commands');
    const steps = lifecycle.shutdown.of('close');
    expect(steps.map(({ name }) => name)).toEqual(['redis']);
    lifecycle.application.enter('draining', 'test');
    await module.close();
    // The hooks of other modules may still need it.
    await expect(client.run((redis) => redis.ping())).resolves.toBe('PONG');
    await steps[0]?.run(AbortSignal.timeout(1_000));
    expect(client.stats()).toMatchObject({ connectionsOpen: 0 });
  });
});
