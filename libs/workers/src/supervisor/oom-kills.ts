import type { ContainerMemory } from '@app/container';

/** In milliseconds: the end of a process is seen much sooner after its kill. */
const lookMs = 1_000;

/**
 * Tells whether the kernel has just killed a process of the container for want of memory: since the last look but one,
 * which was a second ago or two. A kill of long ago was another process's, and one may be several processes' that are
 * seen one after the other.
 */
export class OomKills {
  readonly #read: () => ContainerMemory;
  #before: number | undefined;
  #last: number | undefined;

  constructor(read: () => ContainerMemory) {
    this.#read = read;
    this.#last = read().oomKills;
    this.#before = this.#last;
  }

  /** One that looks every second, as long as the process has something else to do. */
  static watching(read: () => ContainerMemory): OomKills {
    const kills = new OomKills(read);
    setInterval(() => kills.look(), lookMs).unref();
    return kills;
  }

  /** To be called at regular times. */
  look(): void {
    this.#before = this.#last;
    this.#last = this.#read().oomKills;
  }

  /** undefined where there is a limit, but no count. */
  risen(): boolean | undefined {
    const { limitBytes, oomKills } = this.#read();
    const before = this.#before;
    if (oomKills === undefined || before === undefined) return limitBytes === undefined ? false : undefined;
    return oomKills > before;
  }
}
