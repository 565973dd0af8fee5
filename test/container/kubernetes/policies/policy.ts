import type { KubernetesObject } from '../kubernetes-object.ts';

/** A rule of this project over all objects of an overlay, beyond what the API server asks for. */
export interface Policy {
  readonly rule: string;
  /** Where it is broken, one sentence each. */
  readonly violations: (objects: readonly KubernetesObject[]) => string[] | Promise<string[]>;
}
