import type { MetricsCollector } from '../metric-family.js';

export interface BuildLabels {
  readonly version: string;
  /** The commit that the program was built from, where the build knew it. */
  readonly commit?: string | undefined;
}

/** What program this is. */
export function buildCollector({ version, commit = '' }: BuildLabels): MetricsCollector {
  return () => [
    {
      name: 'app_build_info',
      type: 'gauge',
      help: 'Always 1; the labels say what build runs.',
      samples: [{ value: 1, labels: { version, commit } }],
    },
  ];
}
