import { defineConfig } from 'vitest/config';

const tier = (name: string, include: string[], globalSetup: string[] = []) => ({
  extends: true as const,
  test: { name, include, globalSetup },
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
      tier('e2e', ['test/e2e/**/*.e2e-spec.ts']),
      tier('bundle', ['test/e2e/programs/*.e2e-spec.ts'], ['test/support/bundle.ts']),
    ],
  },
});
