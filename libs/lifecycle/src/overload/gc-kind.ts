/** What kind of collection an entry of the type `gc` tells of: one of `constants.NODE_PERFORMANCE_GC_…`. */
export function gcKind(entry: PerformanceEntry): number | undefined {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  if (typeof detail !== 'object' || detail === null || !('kind' in detail)) return undefined;
  return typeof detail.kind === 'number' ? detail.kind : undefined;
}
