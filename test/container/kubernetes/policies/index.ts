import { lifetime } from './lifetime.ts';
import { network } from './network.ts';
import type { Policy } from './policy.ts';
import { probes } from './probes.ts';
import { references } from './references.ts';
import { resources } from './resources.ts';
import { restrictedProfile } from './restricted-profile.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { secrets } from './secrets.ts';

/** All rules for the manifests. */
export const policies: readonly Policy[] = [
  ...restrictedProfile,
  ...probes,
  ...lifetime,
  ...resources,
  ...network,
  ...secrets,
  ...references,
];

/** Where objects break rules, each as `<rule>: <what is wrong>`. */
export async function violationsOf(objects: readonly KubernetesObject[]): Promise<string[]> {
  const found = await Promise.all(
    policies.map(async ({ rule, violations }) => (await violations(objects)).map((one) => `${rule}: ${one}`)),
  );
  return found.flat();
}
