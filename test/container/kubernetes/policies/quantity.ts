const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** The number behind a quantity such as `500m` or `1Gi`, see "Quantity" of the API; NaN for what is none. */
export function quantity(value: string | number): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(value)) ?? [];
  return digits === '' ? Number.NaN : Number(digits) * (factors[unit] ?? Number.NaN);
}
