import { describe, expect } from 'vitest';
import { test } from './engine/container-test.ts';
import { addedMegabytes, buildUsualImage, sizeLimits } from './image-size/index.ts';
import { buildProjectImage } from './project-image.ts';

describe('what the image adds to its base', () => {
  test(
    'is little, and a small part of what the usual two-stage image adds',
    { timeout: 900_000 },
    async ({ engine }) => {
      const base = engine.images.NODE_IMAGE;
      const own = await addedMegabytes(engine, await buildProjectImage(engine), base);
      const usual = await addedMegabytes(engine, await buildUsualImage(engine), base);
      expect(own).toBeGreaterThan(0);
      expect(own).toBeLessThanOrEqual(sizeLimits.megabytes);
      expect(own / usual).toBeLessThanOrEqual(sizeLimits.ofTheUsual);
    },
  );
});
