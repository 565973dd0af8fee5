import { distance } from 'fastest-levenshtein';

/** The candidate that differs from the text by the fewest letters, and by no more than `limit`. */
export function closest(text: string, candidates: Iterable<string>, limit: number): string | undefined {
  const ranked = [...candidates]
    .filter((candidate) => Math.abs(candidate.length - text.length) <= limit)
    .map((candidate) => ({ candidate, letters: distance(text, candidate) }))
    .filter(({ letters }) => letters <= limit)
    .toSorted((a, b) => a.letters - b.letters);
  return ranked[0]?.candidate;
}
