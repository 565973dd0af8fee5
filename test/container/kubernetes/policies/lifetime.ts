import { configOf } from '../variables.ts';
import type { Policy } from './policy.ts';
import { perContainer, perPod, workloadsOf } from './workloads.ts';

/** Between the end of the shutdown by force and the kubelet's SIGKILL. */
const marginMs = 3_000;

export const lifetime: readonly Policy[] = [
  {
    rule: 'the startup probe is more patient than the process',
    violations: async (objects) => {
      const { startupTimeoutMs } = (await configOf(objects)).config.lifetime;
      return perContainer(objects, ({ name, startupProbe: probe }) => {
        const patienceMs = (probe?.periodSeconds ?? 10) * (probe?.failureThreshold ?? 3) * 1_000;
        return [
          name === 'backend' &&
            patienceMs < startupTimeoutMs + 10_000 &&
            `gives up after ${patienceMs} ms, STARTUP_TIMEOUT is ${startupTimeoutMs} ms`,
        ];
      });
    },
  },
  {
    rule: 'the grace period fits the shutdown, without a preStop hook on top of the drain delay',
    violations: async (objects) => {
      const { shutdownTimeoutMs } = (await configOf(objects)).config.lifetime;
      return perPod(objects, (pod, { name, containers }) => {
        const graceMs = (pod.terminationGracePeriodSeconds ?? 30) * 1_000;
        return [
          name === 'backend' &&
            graceMs < shutdownTimeoutMs + marginMs &&
            `has ${graceMs} ms, SHUTDOWN_TIMEOUT is ${shutdownTimeoutMs} ms`,
          ...containers
            .map(
              (container) => container.lifecycle?.preStop && `container ${container.name} has a preStop hook`,
            )
            .map((wrong) => wrong || undefined),
        ];
      });
    },
  },
  {
    rule: 'the backend is replaced without a gap, and a store never runs twice',
    violations: (objects) =>
      workloadsOf(objects).flatMap(({ name, deployment }) => {
        const { strategy } = deployment.spec ?? {};
        const { maxUnavailable, maxSurge } = strategy?.rollingUpdate ?? {};
        const right =
          name === 'backend' ? maxUnavailable === 0 && maxSurge === 1 : strategy?.type === 'Recreate';
        return right ? [] : [`${name}: the strategy does not fit`];
      }),
  },
  {
    rule: 'db-init runs before the backend, from the same image, and shares its status with it',
    violations: async (objects) => {
      const { initStatusFile, initWait } = (await configOf(objects)).config.lifetime;
      return perPod(objects, (pod, { name, containers: [backend] }) => {
        if (name !== 'backend') return [];
        const init = pod.initContainers?.find((container) => container.name === 'db-init');
        const statusVolume = (mounts = init?.volumeMounts) =>
          mounts?.find(({ mountPath }) => initStatusFile.startsWith(`${mountPath}/`))?.name;
        return [
          initWait !== 'file' && `INIT_WAIT is ${initWait}`,
          init?.args?.join() !== 'db-init' && 'no init container runs db-init',
          init?.image !== backend?.image && 'db-init has another image',
          (statusVolume() ?? '-') !== statusVolume(backend?.volumeMounts ?? []) && 'the status is not shared',
        ];
      });
    },
  },
];
