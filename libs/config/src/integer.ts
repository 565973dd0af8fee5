/** Reads a whole number written in digits alone, as `Number` alone would not. Returns undefined for anything else. */
export function parseInteger(text: string): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}
