import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigMap, type IPod } from 'kubernetes-models/v1';
import { stringify } from 'yaml';
import { layOutVolumes, type SecretData } from './kubelet-volumes.ts';
import { type KubernetesObject, ofKind } from './kubernetes-object.ts';
import { workloadsOf } from './policies/workloads.ts';

export interface Playground {
  /** Where the files and volumes go. */
  readonly folder: string;
  readonly secrets: SecretData;
  /** The images to take instead of those that the manifests name. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * Writes a file that `podman play kube` takes for one pod of a Deployment, and returns its path. The pod differs from
 * what a cluster would make only in what podman 4.3 lacks:
 * - it has the name of its Service, since podman knows names of pods and no Services;
 * - its volumes are laid out beforehand;
 * - it is not restarted, since podman restarts init containers that have completed, too;
 * - its ports are not declared, since podman would publish them on the machine.
 */
export async function writePod(
  objects: readonly KubernetesObject[],
  deployment: string,
  { folder, secrets, images }: Playground,
  name = deployment,
): Promise<string> {
  const workload = workloadsOf(objects).find((one) => one.name === deployment);
  if (workload === undefined) throw new Error(`There is no Deployment ${deployment}.`);
  const place = join(folder, name);
  await mkdir(place);
  const { initContainers = [], containers, ...spec } = structuredClone(workload.pod);
  for (const container of [...initContainers, ...containers]) {
    container.image = images[container.image ?? ''] ?? container.image ?? '';
    delete container.ports;
  }
  const pod: IPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { ...workload.labels } },
    spec: {
      ...spec,
      restartPolicy: 'Never',
      initContainers,
      containers,
      volumes: await layOutVolumes(workload.pod, place, secrets),
    },
  };
  const file = join(place, 'pod.yaml');
  const documents = [...ofKind(objects, ConfigMap.is), pod];
  await writeFile(
    file,
    documents.map((one) => stringify(one, { aliasDuplicateObjects: false })).join('---\n'),
  );
  return file;
}
