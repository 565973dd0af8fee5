import { backend, config, container, init, pod, type RuleFaults } from './places.ts';

/** Faults that weaken a pod or show a secret, by the rule that they break. */
export const securityFaults: RuleFaults = {
  'pods share nothing with their node': [
    [backend, `${pod}/hostNetwork`, true, 'backend: hostNetwork'],
    [backend, `${pod}/hostPID`, true, 'backend: hostPID'],
    [
      backend,
      `${pod}/volumes/2`,
      { name: 'tmp', hostPath: { path: '/' } },
      'backend: volume tmp is hostPath',
    ],
  ],
  'no container takes a port of its node': [
    [backend, `${container}/ports/0/hostPort`, 80, 'container backend: hostPort 80'],
  ],
  'pods run as a numbered user that is not root, with the default seccomp profile': [
    [backend, `${pod}/securityContext/runAsNonRoot`, undefined, 'runAsNonRoot is not true'],
    [backend, `${pod}/securityContext/runAsUser`, 0, 'runAsUser is not set or root'],
    [
      'Deployment/redis',
      `${pod}/securityContext/seccompProfile`,
      undefined,
      'seccompProfile is not RuntimeDefault',
    ],
  ],
  'containers have no privileges and can get none': [
    [
      backend,
      `${init}/securityContext/allowPrivilegeEscalation`,
      undefined,
      'container db-init: allowPrivilegeEscalation is not false',
    ],
    [
      backend,
      `${container}/securityContext/capabilities`,
      { drop: ['NET_RAW'] },
      'capabilities are not all dropped',
    ],
    [backend, `${container}/securityContext/capabilities/add`, ['SYS_ADMIN'], 'capabilities are added'],
    [backend, `${container}/securityContext/privileged`, true, 'container backend: privileged'],
  ],
  'the root file system is read-only': [
    [
      backend,
      `${init}/securityContext/readOnlyRootFilesystem`,
      false,
      'container db-init: readOnlyRootFilesystem is not true',
    ],
  ],
  'what can be written has a limit': [
    [backend, `${pod}/volumes/2/emptyDir`, {}, 'emptyDir tmp has no sizeLimit'],
  ],
  'pods get no token of the API server and no variables of services': [
    [backend, `${pod}/enableServiceLinks`, undefined, 'enableServiceLinks is not false'],
    [
      'Deployment/postgres',
      `${pod}/automountServiceAccountToken`,
      true,
      'postgres: automountServiceAccountToken is not false',
    ],
  ],
  'the namespace enforces the restricted profile': [
    [
      'Namespace/trading-development',
      '/metadata/labels/pod-security.kubernetes.io~1enforce',
      'baseline',
      'trading-development enforces baseline',
    ],
  ],
  'no object holds a secret': [
    [config, '/data/SECRET_KEY', 'a-key', 'ConfigMap/backend-config-'],
    [config, '/data/APP_NAME', 'postgres://trading:pw@postgres/trading', 'has a URL with a password'],
    [
      'ServiceAccount/backend',
      '',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'backend-secrets' } },
      'Secret/backend-secrets is a Secret',
    ],
  ],
  'secrets are files, and never in the environment': [
    [
      backend,
      `${container}/env`,
      [{ name: 'SECRET_KEY', valueFrom: { secretKeyRef: { name: 'backend-secrets', key: 'SECRET_KEY' } } }],
      'container backend: sets SECRET_KEY',
    ],
    [
      backend,
      `${init}/envFrom/0`,
      { secretRef: { name: 'backend-secrets' } },
      'takes its environment from backend-secrets',
    ],
  ],
  'the files of secrets are read-only, for the group of the pod': [
    [backend, `${pod}/volumes/0/secret/defaultMode`, undefined, 'volume secrets has not the mode 0440'],
    [
      backend,
      `${container}/volumeMounts/0/readOnly`,
      undefined,
      'container backend can write to volume secrets',
    ],
  ],
};
