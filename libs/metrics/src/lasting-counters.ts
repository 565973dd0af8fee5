import type { FamilyText } from './family-text.js';

type Heading = Omit<FamilyText, 'lines'>;

interface Count {
  readonly family: Heading;
  readonly value: number;
}

/** By the sample's name and labels, as they stand in the text. */
type Counts = Map<string, Count>;

const lastingTypes = new Set<FamilyText['type']>(['counter', 'histogram']);
/** Far below what any of them tells apart. */
const decimals = 9;

/** Whether it counts what has happened, which stays true when the process that has counted it is gone. */
export const isLasting = ({ type }: Pick<FamilyText, 'type'>): boolean => lastingTypes.has(type);

/**
 * Counters and histograms that outlast the processes that count: one that follows another with the same labels goes on
 * where that ended. What a process has counted after it was last asked is lost with it.
 */
export class LastingCounters<Process> {
  readonly #ended: Counts = new Map();
  readonly #told = new Map<Process, Counts>();

  /** Takes in what a process tells. What it leaves out this time stands as it told it before. */
  told(process: Process, families: readonly FamilyText[]): void {
    const counts = this.#told.get(process) ?? new Map<string, Count>();
    this.#told.set(process, counts);
    for (const { lines, ...family } of families.filter(isLasting)) {
      for (const line of lines) {
        const end = line.lastIndexOf(' ');
        counts.set(line.slice(0, end), { family, value: Number(line.slice(end + 1)) });
      }
    }
  }

  /** The process has told its last. */
  ended(process: Process): void {
    add(this.#ended, this.#told.get(process) ?? new Map<string, Count>());
    this.#told.delete(process);
  }

  /** Of all processes, those that have ended among them. */
  total(): readonly FamilyText[] {
    const sums: Counts = new Map(this.#ended);
    for (const counts of this.#told.values()) add(sums, counts);
    const linesOf = new Map<string, string[]>();
    const families: FamilyText[] = [];
    for (const [sample, { family, value }] of sums) {
      const lines = linesOf.get(family.name) ?? [];
      if (lines.push(`${sample} ${String(value)}`) > 1) continue;
      linesOf.set(family.name, lines);
      families.push({ ...family, lines });
    }
    return families;
  }
}

/** Rounded, since a fraction that is the smaller by its last digit when it is summed up in another order has fallen. */
function add(sums: Counts, counts: Counts): void {
  for (const [sample, { family, value }] of counts) {
    const sum = (sums.get(sample)?.value ?? 0) + value;
    sums.set(sample, { family, value: Number(sum.toFixed(decimals)) });
  }
}
