import { backend, config, container, pod, type RuleFaults } from './places.ts';

/** Faults in how objects fit together, by the rule that they break. */
export const objectFaults: RuleFaults = {
  'a NetworkPolicy holds every pod, in both directions': [
    ['NetworkPolicy/redis', '/spec/policyTypes', ['Ingress'], 'redis: no NetworkPolicy of type Egress'],
  ],
  'only the API takes connections from everywhere': [
    ['NetworkPolicy/backend', '/spec/ingress/1/from', undefined, 'backend: management is open to everybody'],
    ['NetworkPolicy/postgres', '/spec/ingress', [{}], 'postgres: any port is open to everybody'],
  ],
  'Services lead to ports that pods have, and never to the management port': [
    ['Service/backend', '/spec/ports/0/targetPort', 'htpp', 'no container has the port htpp'],
    ['Service/backend', '/spec/ports/0/targetPort', 8001, 'publishes the management port'],
    [
      'Service/redis',
      '/spec/selector',
      { 'app.kubernetes.io/part-of': 'trading' },
      'redis: its selector finds 4 workloads',
    ],
  ],
  'selectors find the pods that they mean': [
    [
      'PodDisruptionBudget/backend',
      '/spec/selector/matchLabels/app.kubernetes.io~1name',
      'backend',
      'PodDisruptionBudget/backend selects something else',
    ],
    [
      backend,
      '/spec/selector/matchLabels/app.kubernetes.io~1name',
      'backend',
      'Deployment/backend selects something else',
    ],
  ],
  'the disruption budget lets one pod go, and no more than that': [
    ['PodDisruptionBudget/backend', '/spec/maxUnavailable', 0, 'backend does not have maxUnavailable 1'],
  ],
  'containers mount and name what is there': [
    [backend, `${container}/volumeMounts/2/name`, 'temp', 'no volume temp'],
    ['Deployment/redis', `${pod}/volumes/0/persistentVolumeClaim/claimName`, 'redis', 'no claim redis'],
    [backend, `${pod}/serviceAccountName`, 'default', 'no ServiceAccount default'],
    ['Deployment/influxdb', `${container}/readinessProbe/httpGet/port`, 'http', 'no port http'],
  ],
  'a change of a ConfigMap rolls the pods': [
    [config, '/metadata/name', 'backend-config', 'ConfigMap/backend-config has no hash in its name'],
  ],
  'images have a tag, in production one that names a build': [
    ['Deployment/redis', `${container}/image`, 'redis', 'redis has no tag'],
  ],
  'everything has the standard labels and lies in the namespace of its overlay': [
    ['Service/backend', '/metadata/namespace', 'default', 'Service/backend lies in the namespace default'],
    [
      backend,
      '/metadata/labels/app.kubernetes.io~1name',
      undefined,
      'Deployment/backend has no label app.kubernetes.io/name',
    ],
  ],
};
