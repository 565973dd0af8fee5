interface MediaRange {
  readonly type: string;
  /** How exactly the range names a type: 0 for any type, 1 for any subtype, 2 for one. */
  readonly exactness: number;
  readonly quality: number;
}

/**
 * Whether an Accept header allows one of these media types (RFC 9110, section 12.5.1): of the ranges that match a
 * type the most exact one counts, and its quality must not be 0. Parameters other than `q` are not compared.
 * No header, or none that can be read, allows everything.
 */
export function accepts(header: string | undefined, mediaTypes: readonly string[]): boolean {
  const ranges = (header ?? '').split(',').flatMap((text) => mediaRange(text));
  return ranges.length === 0 || mediaTypes.some((type) => qualityOf(type, ranges) > 0);
}

function qualityOf(mediaType: string, ranges: readonly MediaRange[]): number {
  const [type = ''] = mediaType.split('/');
  const names = new Set(['*/*', `${type}/*`, mediaType]);
  const matching = ranges.filter((range) => names.has(range.type));
  const best = matching.toSorted((a, b) => b.exactness - a.exactness || b.quality - a.quality)[0];
  return best?.quality ?? 0;
}

function mediaRange(text: string): readonly MediaRange[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (!/^(\*\/\*|[^\s/*]+\/(\*|[^\s/*]+))$/.test(type)) return [];
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  const exactness = 2 - (type.match(/\*/g)?.length ?? 0);
  return [{ type, exactness, quality: Number.isNaN(quality) ? 1 : quality }];
}
