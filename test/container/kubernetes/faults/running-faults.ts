import { backend, config, container, init, pod, type RuleFaults } from './places.ts';

/** Faults in how pods start, run and end, by the rule that they break. */
export const runningFaults: RuleFaults = {
  'every container that stays has a startup and a readiness probe': [
    ['Deployment/redis', `${container}/readinessProbe`, undefined, 'container redis lacks a probe'],
  ],
  "the backend's probes ask the management port": [
    [backend, `${container}/livenessProbe/httpGet/port`, 'http', 'livenessProbe asks 8000/livez'],
    [backend, `${container}/livenessProbe/httpGet/path`, '/readyz', 'livenessProbe asks 8001/readyz'],
  ],
  'a probe that runs a program has time to start it': [
    [
      'Deployment/redis',
      `${container}/readinessProbe/timeoutSeconds`,
      undefined,
      'readinessProbe has less than 5 s',
    ],
  ],
  'the startup probe is more patient than the process': [
    [backend, `${container}/startupProbe/failureThreshold`, 30, 'gives up after 60000 ms'],
    [config, '/data/STARTUP_TIMEOUT', '2m', 'STARTUP_TIMEOUT is 120000 ms'],
  ],
  'the grace period fits the shutdown, without a preStop hook on top of the drain delay': [
    [backend, `${pod}/terminationGracePeriodSeconds`, 25, 'has 25000 ms'],
    [config, '/data/SHUTDOWN_TIMEOUT', '40s', 'SHUTDOWN_TIMEOUT is 40000 ms'],
    [
      backend,
      `${container}/lifecycle`,
      { preStop: { sleep: { seconds: 5 } } },
      'container backend has a preStop hook',
    ],
  ],
  'the backend is replaced without a gap, and a store never runs twice': [
    [backend, '/spec/strategy/rollingUpdate/maxUnavailable', '25%', 'backend: the strategy does not fit'],
    ['Deployment/postgres', '/spec/strategy', undefined, 'postgres: the strategy does not fit'],
  ],
  'db-init runs before the backend, from the same image, and shares its status with it': [
    [backend, `${init}/image`, 'trading-backend:old', 'db-init has another image'],
    [backend, `${container}/volumeMounts/1/name`, 'tmp', 'the status is not shared'],
  ],
  'every container has limits, and requests within them': [
    [backend, `${init}/resources`, undefined, 'container db-init: memory has no limit or no request'],
    [
      backend,
      `${container}/resources/requests/memory`,
      '2Gi',
      'the memory request 2Gi does not fit the limit 512Mi',
    ],
    [backend, `${container}/resources/limits/memory`, '1Gib', 'does not fit the limit 1Gib'],
  ],
};
