import { beforeAll, describe, expect, it } from 'vitest';
import { objectFaults } from './faults/object-faults.ts';
import { backend, container } from './faults/places.ts';
import { runningFaults } from './faults/running-faults.ts';
import { securityFaults } from './faults/security-faults.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { kustomize } from './kustomize.ts';
import { plant } from './planted-fault.ts';
import { policies, violationsOf } from './policies/index.ts';

const faults = { ...securityFaults, ...runningFaults, ...objectFaults };
const rows = Object.entries(faults).flatMap(([rule, found]) =>
  found.map((fault) => [rule, ...fault] as const),
);

describe('the rules', () => {
  let objects: KubernetesObject[];
  beforeAll(async () => {
    objects = await kustomize({ overlay: 'overlays/development' });
  });

  it.each(rows)('"%s" is broken by %s %s = %j', async (rule, object, path, value, told) => {
    const policy = policies.find((one) => one.rule === rule);
    const violations = await policy?.violations(plant(objects, { object, path, value }));
    expect(violations?.join('\n')).toContain(told);
  });

  it('refuse in production an image that can change', async () => {
    const production = await kustomize({ overlay: 'overlays/production' });
    const value = 'registry.example.com/trading-backend:latest';
    const found = await violationsOf(
      plant(production, { object: backend, path: `${container}/image`, value }),
    );
    expect(found.join('\n')).toContain('trading-backend:latest can change');
  });

  it('have each a fault that shows that they can fail', () => {
    expect(new Set(Object.keys(faults))).toEqual(new Set(policies.map(({ rule }) => rule)));
  });
});
