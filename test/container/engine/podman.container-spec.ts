import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machinePicture } from './machine-picture.ts';
import { startPodman } from './podman.ts';
import { privateObstacle } from './private-obstacle.ts';

describe('startPodman', () => {
  test('loads an image, runs a pod with a network and leaves this machine as it was', async ({ skip }) => {
    const obstacle = await privateObstacle();
    if (obstacle !== undefined) return skip(obstacle);
    const before = await machinePicture();
    let own = '';
    {
      await using podman = await startPodman();
      own = basename(podman.folder);
      await podman.run('pod', 'create', '--name', 'left-behind', '--network', 'trading');
      await podman.run('pod', 'start', 'left-behind');
      const state = await podman.run('pod', 'inspect', '--format', '{{.State}}', 'left-behind');
      expect(state.trim()).toBe('Running');
      const [image = ''] = (await podman.run('images', '--format', '{{.Repository}}:{{.Tag}}')).split('\n');
      const archive = join(podman.folder, 'image.tar');
      await podman.run('save', '--output', archive, image);
      expect(await podman.run('load', '--input', archive)).toContain(image);
      const during = await machinePicture(own);
      expect(during).not.toEqual(before);
      expect(during['cgroups']).toContain(own);
    }
    expect(await machinePicture(own)).toEqual(before);
  });
});
