import { readFileSync } from 'node:fs';

/** The text of a pseudo-file of the kernel, or undefined where this kernel or container does not show it. */
export function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The number in a text that holds nothing else; undefined for `max`, for nothing and for anything else. */
export function parseNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** The number after a key in a text of lines such as `oom_kill 3`. */
export function numberAfter(key: string, text: string | undefined): number | undefined {
  const line = text?.split('\n').find((candidate) => candidate.startsWith(`${key} `));
  return parseNumber(line?.slice(key.length));
}
