interface Route {
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

/** Which methods each path takes: Fastify's router answers 404 to a known path with another method. */
export class RouteTable {
  readonly #routes = new Map<string, Route>();

  /** Adds a route in the router's syntax: `:name` stands for one segment, `*` for the rest of the path. */
  add(url: string, methods: readonly string[]): void {
    const route = this.#routes.get(url) ?? { segments: segmentsOf(url), methods: new Set() };
    for (const method of methods) route.methods.add(method);
    this.#routes.set(url, route);
  }

  /** The methods that a path takes, sorted; none for an unknown path. */
  methodsOf(path: string): readonly string[] {
    const segments = segmentsOf(path);
    const methods = [...this.#routes.values()]
      .filter((route) => matches(route.segments, segments))
      .flatMap((route) => [...route.methods]);
    return [...new Set(methods)].toSorted();
  }
}

/** A slash at the end makes no other path. */
function segmentsOf(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/');
}

function matches(route: readonly string[], path: readonly string[]): boolean {
  const rest = route.indexOf('*');
  const named = rest === -1 ? route : route.slice(0, rest);
  return (
    (rest === -1 ? path.length === route.length : path.length > rest) &&
    named.every((segment, at) => (segment.includes(':') ? path[at] !== '' : segment === path[at]))
  );
}
