import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1';
import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import { type KubernetesObject, ofKind } from '../kubernetes-object.ts';

/** A Deployment and the pods that it makes. */
export interface Workload {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly deployment: IDeployment;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: IPodSpec;
  readonly containers: readonly IContainer[];
  /** With the init containers. */
  readonly allContainers: readonly IContainer[];
}

export function workloadsOf(objects: readonly KubernetesObject[]): Workload[] {
  return ofKind(objects, Deployment.is).map((deployment) => {
    const template = deployment.spec?.template;
    const pod: IPodSpec = template?.spec ?? { containers: [] };
    return {
      name: deployment.metadata?.name ?? '',
      namespace: deployment.metadata?.namespace,
      deployment,
      labels: template?.metadata?.labels ?? {},
      pod,
      containers: pod.containers,
      allContainers: [...(pod.initContainers ?? []), ...pod.containers],
    };
  });
}

/** Asks every pod; an answer is what is wrong with it. */
export function perPod(
  objects: readonly KubernetesObject[],
  ask: (pod: IPodSpec, workload: Workload) => readonly (string | false | undefined)[],
): string[] {
  return workloadsOf(objects).flatMap((workload) =>
    ask(workload.pod, workload)
      .filter((wrong) => typeof wrong === 'string')
      .map((wrong) => `${workload.name}: ${wrong}`),
  );
}

/** Asks every container, init containers too; an answer is what is wrong with it. */
export function perContainer(
  objects: readonly KubernetesObject[],
  ask: (container: IContainer, workload: Workload) => readonly (string | false | undefined)[],
): string[] {
  return perPod(objects, (_, workload) =>
    workload.allContainers.flatMap((container) =>
      ask(container, workload)
        .filter((wrong) => typeof wrong === 'string')
        .map((wrong) => `container ${container.name}: ${wrong}`),
    ),
  );
}

/** Whether a selector with these labels finds those. */
export const selects = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean =>
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([name, value]) => labels[name] === value);
