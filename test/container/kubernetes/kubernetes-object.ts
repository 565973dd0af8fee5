/** What every object of the Kubernetes API has; the rest is known once it is validated. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** As `Deployment/backend`. */
export const nameOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.name}`;

/** Those of one kind, as `ofKind(objects, Service.is)`. */
export function ofKind<T>(objects: readonly unknown[], is: (object: unknown) => object is T): T[] {
  return objects.filter((object) => is(object));
}
