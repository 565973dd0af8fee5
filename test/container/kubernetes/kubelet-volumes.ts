import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IPodSpec, IVolume } from 'kubernetes-models/v1';

/** The data of Secrets by name. */
export type SecretData = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Lays the volumes of a pod out in a folder as the kubelet would, and returns them as mounts of those folders: every
 * one belongs to the group of `fsGroup`, and the files of a Secret have its mode. podman 4.3 knows neither.
 */
export async function layOutVolumes(
  { volumes = [], securityContext }: IPodSpec,
  folder: string,
  secrets: SecretData,
): Promise<IVolume[]> {
  const group = securityContext?.fsGroup ?? 0;
  return Promise.all(
    volumes.map(async ({ name, secret }): Promise<IVolume> => {
      const path = join(folder, name);
      await mkdir(path, { recursive: true });
      if (secret !== undefined)
        await writeSecret(path, secrets[secret.secretName ?? ''], secret.defaultMode, group);
      await chown(path, 0, group);
      await chmod(path, secret === undefined ? 0o2777 : 0o2755);
      return { name, hostPath: { path, type: 'Directory' } };
    }),
  );
}

async function writeSecret(
  folder: string,
  data: SecretData[string] | undefined,
  mode = 0o644,
  group: number,
): Promise<void> {
  if (data === undefined) throw new Error(`There is no Secret for ${folder}.`);
  for (const [key, value] of Object.entries(data)) {
    const path = join(folder, key);
    await writeFile(path, value);
    await chown(path, 0, group);
    await chmod(path, mode);
  }
}
