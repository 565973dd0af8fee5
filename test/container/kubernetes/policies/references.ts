import { ConfigMap, PersistentVolumeClaim, ServiceAccount } from 'kubernetes-models/v1';
import { type KubernetesObject, nameOf } from '../kubernetes-object.ts';
import type { Policy } from './policy.ts';
import { perContainer, perPod, workloadsOf } from './workloads.ts';

const standardLabels = ['app.kubernetes.io/part-of', 'app.kubernetes.io/managed-by'];
const workloadLabels = [...standardLabels, 'app.kubernetes.io/name', 'app.kubernetes.io/component'];

const labelsOf = (object: KubernetesObject): readonly string[] =>
  workloadsOf([object]).length > 0 ? workloadLabels : standardLabels;

/** As `name-6gt4tkf6mh`, whose end changes with the content. */
const withHash = /-[0-9a-z]{10}$/;

export const references: readonly Policy[] = [
  {
    rule: 'containers mount and name what is there',
    violations: (objects) => {
      const names = (is: (object: KubernetesObject) => boolean) =>
        new Set(objects.filter((object) => is(object)).map(({ metadata }) => metadata.name));
      const maps = names(ConfigMap.is);
      const claims = names(PersistentVolumeClaim.is);
      const accounts = names(ServiceAccount.is);
      return [
        ...perPod(objects, ({ volumes = [], serviceAccountName: account }) => [
          account !== undefined && !accounts.has(account) && `no ServiceAccount ${account}`,
          ...volumes.map(({ persistentVolumeClaim: claim }) =>
            claim !== undefined && !claims.has(claim.claimName) ? `no claim ${claim.claimName}` : undefined,
          ),
        ]),
        ...perContainer(objects, ({ envFrom = [], volumeMounts = [], ...container }, { pod }) => [
          ...envFrom.map(({ configMapRef: map }) =>
            map !== undefined && !maps.has(map.name ?? '') ? `no ConfigMap ${map.name ?? ''}` : undefined,
          ),
          ...volumeMounts.map(({ name }) =>
            (pod.volumes ?? []).some((volume) => volume.name === name) ? undefined : `no volume ${name}`,
          ),
          ...[container.startupProbe, container.readinessProbe, container.livenessProbe].map((probe) => {
            const port = probe?.httpGet?.port;
            const named = (container.ports ?? []).some((one) => one.name === port);
            return typeof port === 'string' && !named ? `no port ${port}` : undefined;
          }),
        ]),
      ];
    },
  },
  {
    rule: 'a change of a ConfigMap rolls the pods',
    violations: (objects) =>
      objects
        .filter((object) => ConfigMap.is(object) && !withHash.test(object.metadata.name))
        .map((object) => `${nameOf(object)} has no hash in its name`),
  },
  {
    rule: 'images have a tag, in production one that names a build',
    violations: (objects) =>
      perContainer(objects, ({ image = '' }, { namespace = '' }) => {
        const tag = /:([^:/@]+)(?:@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
        return [
          tag === undefined && `${image} has no tag`,
          tag === 'latest' && !namespace.endsWith('-development') && `${image} can change`,
        ];
      }),
  },
  {
    rule: 'everything has the standard labels and lies in the namespace of its overlay',
    violations: (objects) => {
      const spaces = new Set(
        objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name),
      );
      return objects
        .filter(({ kind }) => kind !== 'Namespace')
        .flatMap((object) => {
          const { labels = {}, namespace = 'none' } = object.metadata;
          const lacking = labelsOf(object).filter((name) => labels[name] === undefined);
          return [
            ...lacking.map((name) => `${nameOf(object)} has no label ${name}`),
            ...(spaces.has(namespace) ? [] : [`${nameOf(object)} lies in the namespace ${namespace}`]),
          ];
        });
    },
  },
];
