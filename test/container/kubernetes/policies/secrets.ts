import { ConfigMap, Secret } from 'kubernetes-models/v1';
import { nameOf, ofKind } from '../kubernetes-object.ts';
import { secretVariables } from '../variables.ts';
import type { Policy } from './policy.ts';
import { perContainer, perPod } from './workloads.ts';

const groupReads = 0o440;

/** As `postgres://user:password@…`. */
const withPassword = /:\/\/[^/\s:@]*:[^/\s@]+@/;

export const secrets: readonly Policy[] = [
  {
    rule: 'no object holds a secret',
    violations: (objects) => [
      ...objects.filter((object) => Secret.is(object)).map((object) => `${nameOf(object)} is a Secret`),
      ...ofKind(objects, ConfigMap.is).flatMap(({ metadata, data = {} }) =>
        Object.keys(data)
          .filter((name) => secretVariables.includes(name))
          .map((name) => `ConfigMap/${metadata?.name ?? ''} sets ${name}`),
      ),
      ...objects
        .filter((object) => withPassword.test(JSON.stringify(object)))
        .map((object) => `${nameOf(object)} has a URL with a password`),
    ],
  },
  {
    rule: 'secrets are files, and never in the environment',
    violations: (objects) =>
      perContainer(objects, ({ env = [], envFrom = [] }) => [
        ...env.map(
          ({ name, valueFrom }) =>
            (valueFrom?.secretKeyRef !== undefined || secretVariables.includes(name)) && `sets ${name}`,
        ),
        ...envFrom.map(({ secretRef }) => secretRef && `takes its environment from ${secretRef.name ?? ''}`),
      ]),
  },
  {
    rule: 'the files of secrets are read-only, for the group of the pod',
    violations: (objects) =>
      perPod(objects, ({ volumes = [], securityContext }, { allContainers }) =>
        volumes
          .filter(({ secret }) => secret !== undefined)
          .flatMap(({ name, secret }) => [
            secret?.defaultMode !== groupReads && `volume ${name} has not the mode 0440`,
            securityContext?.fsGroup !== securityContext?.runAsGroup &&
              'fsGroup is not the group of the user',
            ...allContainers.map(
              (container) =>
                (container.volumeMounts ?? []).some(
                  (mount) => mount.name === name && mount.readOnly !== true,
                ) && `container ${container.name} can write to volume ${name}`,
            ),
          ]),
      ),
  },
];
