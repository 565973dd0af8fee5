import type { ApplicationPhase, Lifecycle } from '@app/lifecycle';
import { inSeconds, type MetricsCollector, stateSet } from '../metric-family.js';

const phases = Object.keys({
  starting: true,
  serving: true,
  overloaded: true,
  draining: true,
  stopped: true,
} satisfies Record<ApplicationPhase, true>) as readonly ApplicationPhase[];

/** The phase of the application, and how long each step of its start took. */
export function applicationCollector({ application, startup }: Lifecycle): MetricsCollector {
  const entered = new Map(phases.map((phase) => [phase, 0]));
  application.onTransition(({ to }) => entered.set(to, (entered.get(to) ?? 0) + 1));
  return () => [
    {
      name: 'app_phase',
      type: 'gauge',
      help: '1 for the phase that the application is in, 0 for the others.',
      samples: stateSet('phase', phases, application.phase),
    },
    {
      name: 'app_phase_transitions_total',
      type: 'counter',
      help: 'How often the application has entered the phase.',
      samples: [...entered].map(([phase, value]) => ({ value, labels: { phase } })),
    },
    {
      name: 'app_startup_phase_duration_seconds',
      type: 'gauge',
      help: 'How long a phase of the start took, or has taken so far; missing before it begins.',
      samples: startup
        .report()
        .flatMap(({ name, durationMs }) =>
          durationMs === undefined ? [] : [{ value: inSeconds(durationMs), labels: { phase: name } }],
        ),
    },
  ];
}
