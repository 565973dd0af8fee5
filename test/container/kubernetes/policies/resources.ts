import type { Policy } from './policy.ts';
import { quantity } from './quantity.ts';
import { perContainer } from './workloads.ts';

const kinds = ['memory', 'cpu'] as const;

export const resources: readonly Policy[] = [
  {
    rule: 'every container has limits, and requests within them',
    violations: (objects) =>
      perContainer(objects, ({ resources: given }) =>
        kinds.map((kind) => {
          const limit = given?.limits?.[kind];
          const request = given?.requests?.[kind];
          if (limit === undefined || request === undefined) return `${kind} has no limit or no request`;
          if (quantity(request) > 0 && quantity(request) <= quantity(limit)) return undefined;
          return `the ${kind} request ${String(request)} does not fit the limit ${String(limit)}`;
        }),
      ),
  },
];
