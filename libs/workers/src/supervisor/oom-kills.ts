import type { ContainerMemory } from '@app/container';

/** Tells whether the kernel has killed a process of the container since the last time it was asked. */
export class OomKills {
  readonly #read: () => ContainerMemory;
  #before: number | undefined;

  constructor(read: () => ContainerMemory) {
    this.#read = read;
    this.#before = read().oomKills;
  }

  /** undefined where there is a limit, but no count. */
  risen(): boolean | undefined {
    const { limitBytes, oomKills } = this.#read();
    const before = this.#before;
    this.#before = oomKills;
    if (oomKills === undefined || before === undefined) return limitBytes === undefined ? false : undefined;
    return oomKills > before;
  }
}
