/** A value that knows which of its fields were read. */
export interface WatchedValue {
  readonly watched: unknown;
  /** The paths of the fields that nobody has read, as JSON Pointers; not those that lie in such a field. */
  readonly unread: () => string[];
}

/**
 * Watches a validator: one that is compiled from a schema reads every field that the schema knows and no other, so
 * what it has not read is unknown to the schema.
 */
export function watchReads(value: unknown): WatchedValue {
  const read = new Set<string>();
  return {
    watched: watch(value, '', read),
    unread: () => unreadIn(value, '', read),
  };
}

const pathTo = (path: string, key: string): string =>
  `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function watch(value: unknown, path: string, read: Set<string>): unknown {
  if (!isObject(value)) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== 'string' || !Object.hasOwn(target, key)) return found;
      const place = pathTo(path, key);
      read.add(place);
      return watch(found, place, read);
    },
  });
}

function unreadIn(value: unknown, path: string, read: ReadonlySet<string>): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const place = pathTo(path, key);
    return read.has(place) ? unreadIn(field, place, read) : [place];
  });
}
