import type { IContainer, IProbe } from 'kubernetes-models/v1';
import type { Policy } from './policy.ts';
import { perContainer, perPod } from './workloads.ts';

const managementPort = 8001;
const expected = { startupProbe: '/startupz', readinessProbe: '/readyz', livenessProbe: '/livez' } as const;

/** Where a probe asks, as `8001/readyz`, whether by HTTP or by the image's `healthcheck`. */
function target(probe: IProbe | undefined, { ports = [] }: IContainer): string | undefined {
  if (probe?.httpGet !== undefined) {
    const { port, path = '/' } = probe.httpGet;
    const number = ports.find(({ name }) => name === port)?.containerPort ?? port;
    return `${String(number)}${path}`;
  }
  const [program, ...options] = probe?.exec?.command ?? [];
  if (program !== 'healthcheck') return undefined;
  const value = (name: string) => options[options.indexOf(name) + 1] ?? '';
  return `${value('--port')}${value('--path')}`;
}

const isBackend = (container: IContainer): boolean => container.name === 'backend';

export const probes: readonly Policy[] = [
  {
    rule: 'every container that stays has a startup and a readiness probe',
    violations: (objects) =>
      perPod(objects, (_, { containers }) =>
        containers.map(
          ({ name, startupProbe, readinessProbe }) =>
            (startupProbe === undefined || readinessProbe === undefined) && `container ${name} lacks a probe`,
        ),
      ),
  },
  {
    rule: "the backend's probes ask the management port",
    violations: (objects) =>
      perContainer(objects, (container) =>
        Object.entries(expected).map(([name, path]) => {
          const asked = target(container[name as keyof typeof expected], container);
          return (
            isBackend(container) &&
            asked !== `${String(managementPort)}${path}` &&
            `${name} asks ${asked ?? 'nothing'}`
          );
        }),
      ),
  },
  {
    rule: 'a probe that runs a program has time to start it',
    violations: (objects) =>
      perContainer(objects, (container) =>
        Object.keys(expected).map((name) => {
          const probe = container[name as keyof typeof expected];
          return probe?.exec !== undefined && (probe.timeoutSeconds ?? 1) < 5 && `${name} has less than 5 s`;
        }),
      ),
  },
];
