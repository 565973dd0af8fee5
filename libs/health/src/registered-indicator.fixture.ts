import { Module } from '@nestjs/common';
import { MemoryHealthIndicator, TerminusModule } from '@nestjs/terminus';
import { HealthRegistry } from './health-registry.js';

/** A module as a user writes it: one of Terminus's own indicators, registered in one line. */
@Module({ imports: [TerminusModule] })
export class MemoryCheckModule {
  constructor(health: HealthRegistry, memory: MemoryHealthIndicator) {
    health.register('heap', () => memory.checkHeap('heap', Number.MAX_SAFE_INTEGER));
  }
}
