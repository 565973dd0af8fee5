/** A number of connections that several have to share. */
export interface ConnectionBudget {
  /** What the workers of this container may open together. */
  readonly need: number;
  /** What the server has for clients like this one. */
  readonly usable: number;
  /** What others hold of it now. */
  readonly others: number;
}

/** Why connections do not suffice: the workers alone need more, or with what others hold, or twice of them in a roll. */
export type Shortage = 'alone' | 'others' | 'surge';

/** The first thing that a budget does not suffice for. */
export function shortageOf({ need, usable, others }: ConnectionBudget): Shortage | undefined {
  if (need > usable) return 'alone';
  if (need > usable - others) return 'others';
  return 2 * need > usable - others ? 'surge' : undefined;
}

/** How many connections would suffice, where the first shortage is this one. */
export function sufficient({ need, others }: ConnectionBudget, shortage: Shortage): number {
  if (shortage === 'alone') return need;
  return (shortage === 'surge' ? 2 : 1) * need + others;
}

/** How many connections the workers of this container may open, for it to suffice. */
export function affordable({ usable, others }: ConnectionBudget, shortage: Shortage): number {
  if (shortage === 'alone') return usable;
  return Math.max(0, Math.floor((usable - others) / (shortage === 'surge' ? 2 : 1)));
}

/** What makes a budget too small, for the end of a sentence. */
export function shortageText({ need, others }: ConnectionBudget, shortage: Shortage): string {
  switch (shortage) {
    case 'alone':
      return '';
    case 'others':
      return `, and others hold ${String(others)} of them`;
    case 'surge':
      return `, of which others hold ${String(others)}; while a rolling update runs twice as many workers, ${String(2 * need)} are needed`;
  }
}
