/** What a request would add to the pressure: a body is read and parsed, and so takes many times its size. */
export type RequestKind = 'with-body' | 'without-body';

/**
 * From which reading on requests of a kind are refused, and from which on all that may be. Between the two the share
 * grows with the reading, as Envoy's overload manager scales its actions. Bodies go first, since refusing them frees
 * most. V8 collects its old generation at the latest halfway between what lives and the limit, so at 0.75 there has
 * been a measurement, and the last eighth is left for the requests in flight.
 */
const triggers: Readonly<Record<RequestKind, { readonly from: number; readonly full: number }>> = {
  'with-body': { from: 0.75, full: 0.85 },
  'without-body': { from: 0.85, full: 0.95 },
};

/** The share of the requests of a kind, 0 to 1, to refuse at a reading of a source of pressure. */
export function pressureShare(reading: number, kind: RequestKind): number {
  const { from, full } = triggers[kind];
  return Math.min(1, Math.max(0, (reading - from) / (full - from)));
}
