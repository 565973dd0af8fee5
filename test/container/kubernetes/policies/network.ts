import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import { ofKind } from '../kubernetes-object.ts';
import type { Policy } from './policy.ts';
import { perPod, selects, workloadsOf } from './workloads.ts';

/** The ports that a NetworkPolicy may open to everybody, by its name. */
const openPorts: Readonly<Record<string, readonly (string | number)[]>> = { backend: ['http', 8000] };

export const network: readonly Policy[] = [
  {
    rule: 'a NetworkPolicy holds every pod, in both directions',
    violations: (objects) =>
      perPod(objects, (_, { labels }) => {
        const held = ofKind(objects, NetworkPolicy.is).filter(({ spec }) =>
          selects(spec?.podSelector?.matchLabels ?? {}, labels),
        );
        return (['Ingress', 'Egress'] as const).map(
          (type) =>
            !held.some(({ spec }) => spec?.policyTypes?.includes(type)) && `no NetworkPolicy of type ${type}`,
        );
      }),
  },
  {
    rule: 'only the API takes connections from everywhere',
    violations: (objects) =>
      ofKind(objects, NetworkPolicy.is).flatMap(({ metadata, spec }) =>
        (spec?.ingress ?? [])
          .filter(({ from = [] }) => from.length === 0)
          .flatMap(({ ports = [{}] }) => ports)
          .filter(({ port }) => !(openPorts[metadata?.name ?? ''] ?? []).includes(port ?? 'any'))
          .map(({ port }) => `${metadata?.name ?? ''}: ${String(port ?? 'any port')} is open to everybody`),
      ),
  },
  {
    rule: 'Services lead to ports that pods have, and never to the management port',
    violations: (objects) =>
      ofKind(objects, Service.is).flatMap(({ metadata, spec }) => {
        const behind = workloadsOf(objects).filter(({ labels }) => selects(spec?.selector ?? {}, labels));
        const offered = behind.flatMap(({ containers }) => containers).flatMap(({ ports = [] }) => ports);
        const name = metadata?.name ?? '';
        if (behind.length !== 1) return [`${name}: its selector finds ${behind.length} workloads`];
        return (spec?.ports ?? []).flatMap(({ port, targetPort = port }) => {
          const target = offered.find((one) => one.name === targetPort || one.containerPort === targetPort);
          if (target === undefined) return [`${name}: no container has the port ${targetPort}`];
          return target.name === 'management' ? [`${name}: publishes the management port`] : [];
        });
      }),
  },
  {
    rule: 'selectors find the pods that they mean',
    violations: (objects) => {
      const workloads = workloadsOf(objects);
      const own = workloads.map(({ name, labels, deployment }): [string, boolean] => [
        `Deployment/${name}`,
        selects(deployment.spec?.selector.matchLabels ?? {}, labels),
      ]);
      const finds = (selector: Readonly<Record<string, string>> = {}) =>
        workloads.filter(({ labels }) => selects(selector, labels)).length === 1;
      const others = [...ofKind(objects, NetworkPolicy.is), ...ofKind(objects, PodDisruptionBudget.is)].map(
        ({ kind, metadata, spec }): [string, boolean] => {
          const selector =
            spec && 'podSelector' in spec
              ? spec.podSelector
              : spec && 'selector' in spec
                ? spec.selector
                : undefined;
          return [`${kind}/${metadata?.name ?? ''}`, finds(selector?.matchLabels)];
        },
      );
      return [...own, ...others]
        .filter(([, right]) => !right)
        .map(([name]) => `${name} selects something else`);
    },
  },
  {
    rule: 'the disruption budget lets one pod go, and no more than that',
    violations: (objects) => {
      const budgets = ofKind(objects, PodDisruptionBudget.is);
      if (budgets.length === 0) return ['there is no PodDisruptionBudget'];
      return budgets
        .filter(({ spec }) => spec?.maxUnavailable !== 1 || spec.minAvailable !== undefined)
        .map(({ metadata }) => `${metadata?.name ?? ''} does not have maxUnavailable 1`);
    },
  },
];
