import { defineConfig, type TestUserConfig } from 'vitest/config';

const tier = (name: string, include: string[], options: TestUserConfig = {}) => ({
  extends: true as const,
  test: { name, include, ...options },
});

export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    sequence: { shuffle: true },
    restoreMocks: true,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      tier('unit', ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'scripts/**/*.spec.ts']),
      tier('e2e', ['test/e2e/{programs,checkout}/*.e2e-spec.ts']),
      tier('bundle', ['test/e2e/{programs,production}/*.e2e-spec.ts'], {
        globalSetup: 'test/support/bundle.ts',
      }),
      // A cell mostly waits: four at a time leave each other enough of two processors.
      tier('faults', ['test/faults/*.fault-spec.ts'], {
        globalSetup: 'test/support/bundle.ts',
        maxWorkers: 4,
        testTimeout: 120_000,
      }),
      // One file at a time: containers under a limit of half a processor must get it.
      tier('container', ['test/container/**/*.container-spec.ts'], {
        globalSetup: 'test/container/engine/global-setup.ts',
        fileParallelism: false,
        testTimeout: 180_000,
        hookTimeout: 600_000,
      }),
    ],
  },
});
