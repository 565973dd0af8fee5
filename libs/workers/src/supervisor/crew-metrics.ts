import { serviceMetrics } from '@app/bootstrap';
import {
  type FamilyText,
  gatherFamilies,
  isLasting,
  LastingCounters,
  type MetricsText,
  renderFamily,
} from '@app/metrics';
import type { Crew } from './crew.js';
import { type DeathReason, deathReason } from './death-reason.js';
import { supervisorFamilies } from './supervisor-families.js';
import type { WorkerEnd } from './worker-channel.js';
import type { WorkerProcess } from './worker-process.js';

export interface CrewMetricsOptions {
  readonly crew: Pick<Crew, 'standing' | 'living' | 'restarts'>;
  /** How many workers there are to be. */
  readonly wanted: number;
  /** Told the numbers of workers that have not answered in time. */
  readonly missed: (workers: readonly number[]) => void;
}

/** `/metrics` of all workers together, and of their supervisor. */
export class CrewMetrics {
  readonly #options: CrewMetricsOptions;
  readonly #counters = new LastingCounters<WorkerProcess>();
  readonly #deaths = new Map<DeathReason, number>();

  constructor(options: CrewMetricsOptions) {
    this.#options = options;
  }

  told(worker: WorkerProcess, families: readonly FamilyText[]): void {
    this.#counters.told(worker, families);
  }

  /** @param outOfMemory Whether the kernel has killed a process for want of memory; undefined where it does not tell. */
  ended(worker: WorkerProcess, end: WorkerEnd, outOfMemory: boolean | undefined): void {
    this.#counters.ended(worker);
    const { order, killedFor, served } = worker;
    if (order !== undefined) return;
    const reason = deathReason(end, { killed: killedFor !== undefined, served, outOfMemory });
    this.#deaths.set(reason, (this.#deaths.get(reason) ?? 0) + 1);
  }

  /** Asks one process of each place: two of the same number would tell the same samples twice. */
  async collect(): Promise<MetricsText> {
    const { crew, wanted, missed: tell } = this.#options;
    const { standing } = crew;
    const ready = crew.living.filter(({ stage }) => stage === 'ready').length;
    let answered = 0;
    const sources = standing.map((worker) => ({
      worker: worker.number,
      collect: async () => {
        const told = await worker.collect();
        // One that has not loaded its application yet has none.
        if (told.length > 0) answered += 1;
        return told;
      },
    }));
    const { families, missed } = await gatherFamilies(sources);
    // One that loads its application cannot answer meanwhile.
    const silent = standing.filter(({ number, served }) => served && missed.includes(number));
    if (silent.length > 0) tell(silent.map(({ number }) => number));
    const own = supervisorFamilies({
      wanted,
      ready,
      missing: wanted - answered,
      deaths: this.#deaths,
      restarts: crew.restarts,
      residentBytes: process.memoryUsage.rss(),
    });
    return serviceMetrics([
      ...families.filter((family) => !isLasting(family)),
      ...this.#counters.total(),
      ...own.map((family) => renderFamily(family)),
    ]);
  }
}
