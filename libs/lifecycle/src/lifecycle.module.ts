import { type DynamicModule, Module } from '@nestjs/common';
import { Lifecycle } from './lifecycle.js';

/** Makes the process's Lifecycle injectable everywhere. */
@Module({})
export class LifecycleModule {
  static forRoot(lifecycle: Lifecycle): DynamicModule {
    return {
      module: LifecycleModule,
      global: true,
      providers: [{ provide: Lifecycle, useValue: lifecycle }],
      exports: [Lifecycle],
    };
  }
}
