const bytesOf = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;

/** Reads `4mb`, `512kb`, `1gb` (powers of 1024, any case) or a bare number of bytes. Returns undefined for anything else. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)?$/.exec(text.toLowerCase());
  if (match === null) return undefined;
  const bytes = Number(match[1]) * bytesOf[(match[2] ?? 'b') as keyof typeof bytesOf];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
