/** Gives a section of `detailed`; never a secret. */
export type HealthSection = () => unknown;

export interface SectionFailure {
  readonly section: string;
  readonly error: unknown;
}

/** How long a section may take, in milliseconds: one that hangs must not hold up the others. */
const sectionTimeoutMs = 1_000;

/** What the answer of `detailed` has of its own. */
const reserved = new Set([
  'status',
  'phase',
  'info',
  'error',
  'details',
  'critical',
  'application',
  'build',
  'startup',
  'shutdown',
  'transitions',
  'memory',
  'eventLoop',
  'overload',
]);

/** Where modules register sections of `detailed`, as workers and market data do. */
export class HealthSections {
  readonly #sections = new Map<string, HealthSection>();

  /** Throws a RangeError for a name that is taken. */
  register(name: string, section: HealthSection): void {
    if (reserved.has(name) || this.#sections.has(name))
      throw new RangeError(`There is a section named ${name} already.`);
    this.#sections.set(name, section);
  }

  /** All sections; one that throws or takes longer than a second is null, and is told of. */
  async collect(failed: (failure: SectionFailure) => void): Promise<Readonly<Record<string, unknown>>> {
    const collected = [...this.#sections].map(async ([name, section]) => {
      try {
        return [name, await withinTime(section)] as const;
      } catch (error) {
        failed({ section: name, error });
        return [name, null] as const;
      }
    });
    return Object.fromEntries(await Promise.all(collected));
  }
}

async function withinTime(section: HealthSection): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new DOMException(`No answer within ${String(sectionTimeoutMs)} ms.`, 'TimeoutError')),
    sectionTimeoutMs,
  );
  try {
    return await Promise.race([section(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
