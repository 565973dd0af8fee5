import { setImmediate as turn } from 'node:timers/promises';

/** A connection is accepted in one turn of the event loop and its request read in the next; one to spare. */
const turns = 3;

/** Between two stretches of work that hold the event loop: lets it answer the probes that came during the first. */
export async function letProbesIn(): Promise<void> {
  for (let i = 0; i < turns; i += 1) await turn();
}
