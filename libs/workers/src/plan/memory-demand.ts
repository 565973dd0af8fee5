import { type HeapSize, newcomerMb, sharedCodeMb, supervisorMb, workerMb } from './memory-model.js';

/** The workers of a container, as its memory sees them. */
export interface Crew {
  readonly workers: number;
  readonly headroomPercent: number;
  /** Whether there is a supervisor, which can replace workers while they serve. */
  readonly supervised: boolean;
}

/** A limit is told in steps of so much, in MiB. */
const stepMb = 16;

/**
 * What the workers and their supervisor leave free of the limit, in MiB. It takes the code that all share, the file
 * cache and the kernel's buffers. During a roll one worker more lives in it, so it is never less than a new one needs.
 */
export const freeMb = (limitMb: number, { headroomPercent, supervised }: Omit<Crew, 'workers'>): number =>
  Math.max((limitMb * headroomPercent) / 100, sharedCodeMb + (supervised ? newcomerMb : 0));

/** What is left for the workers, in MiB; less than nothing where the limit is too low. */
export const crewMb = (limitMb: number, crew: Omit<Crew, 'workers'>): number =>
  limitMb - freeMb(limitMb, crew) - (crew.supervised ? supervisorMb : 0);

/** How many workers with this heap the limit carries; 0 where it carries none. */
export const carriedWorkers = (limitMb: number, crew: Omit<Crew, 'workers'>, heap: HeapSize): number =>
  Math.max(0, Math.floor(crewMb(limitMb, crew) / workerMb(heap)));

/** What all processes take when every heap is full, in MiB. */
export const fullMb = ({ workers, supervised }: Crew, heap: HeapSize): number =>
  workers * workerMb(heap) + (supervised ? supervisorMb : 0) + sharedCodeMb;

/** The lowest memory limit that carries the workers with this heap, in MiB. */
export function leastLimitMb(crew: Crew, heap: HeapSize): number {
  const taken = fullMb(crew, heap) - sharedCodeMb;
  const withHeadroom = taken / (1 - crew.headroomPercent / 100);
  const least = Math.max(withHeadroom, taken + freeMb(0, crew));
  return Math.ceil(least / stepMb) * stepMb;
}

/**
 * What each worker may show as resident before the limit is reached, in MiB, when all do so: the code that they share
 * counts in each of them.
 */
export function shareMb(limitMb: number, { workers, supervised }: Crew): number {
  const ownMb = limitMb - sharedCodeMb - (supervised ? supervisorMb : 0);
  return ownMb > 0 ? ownMb / workers + sharedCodeMb : limitMb / workers;
}
