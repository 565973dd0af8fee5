import { Namespace } from 'kubernetes-models/v1';
import { ofKind } from '../kubernetes-object.ts';
import type { Policy } from './policy.ts';
import { perContainer, perPod } from './workloads.ts';

const enforce = 'pod-security.kubernetes.io/enforce';

/** What the Pod Security Standard "restricted" lets a pod mount; an entry has its name besides. */
const volumeKinds = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** The Pod Security Standard "restricted", and a root file system that nobody can write to. */
export const restrictedProfile: readonly Policy[] = [
  {
    rule: 'pods share nothing with their node',
    violations: (objects) =>
      perPod(objects, (pod) => [
        pod.hostNetwork && 'hostNetwork',
        pod.hostPID && 'hostPID',
        pod.hostIPC && 'hostIPC',
        ...(pod.volumes ?? []).map(({ name, ...source }) =>
          Object.keys(source).every((kind) => volumeKinds.has(kind))
            ? undefined
            : `volume ${name} is ${Object.keys(source).join()}`,
        ),
      ]),
  },
  {
    rule: 'no container takes a port of its node',
    violations: (objects) =>
      perContainer(objects, ({ ports = [] }) =>
        ports.map((port) => port.hostPort && `hostPort ${port.hostPort}`).map((wrong) => wrong || undefined),
      ),
  },
  {
    rule: 'pods run as a numbered user that is not root, with the default seccomp profile',
    violations: (objects) =>
      perPod(objects, ({ securityContext: context }) => [
        context?.runAsNonRoot !== true && 'runAsNonRoot is not true',
        !((context?.runAsUser ?? 0) > 0) && 'runAsUser is not set or root',
        !((context?.runAsGroup ?? 0) > 0) && 'runAsGroup is not set or root',
        context?.seccompProfile?.type !== 'RuntimeDefault' && 'seccompProfile is not RuntimeDefault',
      ]),
  },
  {
    rule: 'containers have no privileges and can get none',
    violations: (objects) =>
      perContainer(objects, ({ securityContext: context }) => [
        context?.privileged && 'privileged',
        context?.allowPrivilegeEscalation !== false && 'allowPrivilegeEscalation is not false',
        context?.capabilities?.drop?.includes('ALL') !== true && 'capabilities are not all dropped',
        (context?.capabilities?.add ?? []).length > 0 && 'capabilities are added',
        (context?.runAsUser === 0 || context?.runAsNonRoot === false) && 'runs as root',
        context?.seccompProfile?.type === 'Unconfined' && 'seccompProfile is Unconfined',
      ]),
  },
  {
    rule: 'the root file system is read-only',
    violations: (objects) =>
      perContainer(objects, ({ securityContext: context }) => [
        context?.readOnlyRootFilesystem !== true && 'readOnlyRootFilesystem is not true',
      ]),
  },
  {
    rule: 'what can be written has a limit',
    violations: (objects) =>
      perPod(objects, ({ volumes = [] }) =>
        volumes.map(
          ({ name, emptyDir }) => emptyDir && !emptyDir.sizeLimit && `emptyDir ${name} has no sizeLimit`,
        ),
      ),
  },
  {
    rule: 'pods get no token of the API server and no variables of services',
    violations: (objects) =>
      perPod(objects, (pod) => [
        pod.automountServiceAccountToken !== false && 'automountServiceAccountToken is not false',
        pod.enableServiceLinks !== false && 'enableServiceLinks is not false',
      ]),
  },
  {
    rule: 'the namespace enforces the restricted profile',
    violations: (objects) => {
      const namespaces = ofKind(objects, Namespace.is);
      if (namespaces.length === 0) return ['there is no Namespace'];
      return namespaces
        .filter(({ metadata }) => metadata?.labels?.[enforce] !== 'restricted')
        .map(
          ({ metadata }) => `${metadata?.name ?? ''} enforces ${metadata?.labels?.[enforce] ?? 'nothing'}`,
        );
    },
  },
];
