import { flagValue } from '@app/config';

const mib = 2 ** 20;
/** V8's heap limit includes three semi-spaces for new objects; a process dies by the rest, the old generation. */
const semiSpaces = 3;
/** The semi-spaces of a process that no flag sizes: an old generation's 128th each, at most 32 MiB. */
const semiSpaceRatio = 128;
const largestSemiSpaceMib = 32;

/**
 * How large V8's old generation may become, in bytes. V8 only tells the size of the whole heap, so the rest comes
 * from the flags that Node was started with; where they do not tell, the result is rather too small than too large.
 * @param heapSizeLimit `heap_size_limit` of `v8.getHeapStatistics()`.
 */
export function oldGenerationLimit(heapSizeLimit: number, flags: readonly string[]): number {
  const old = flagValue(flags, 'max-old-space-size');
  if (old !== undefined) return old * mib;
  const semiSpace = flagValue(flags, 'max-semi-space-size');
  if (semiSpace !== undefined) return heapSizeLimit - semiSpaces * semiSpace * mib;
  if (flagValue(flags, 'max-old-space-size-percentage') === undefined)
    return Math.floor(heapSizeLimit / (1 + semiSpaces / semiSpaceRatio));
  return Math.max(heapSizeLimit - semiSpaces * largestSemiSpaceMib * mib, heapSizeLimit / 2);
}
