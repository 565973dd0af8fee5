import type { FamilyText } from './family-text.js';
import type { MetricsText } from './management-answer.js';

const contentType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * One text of any number of families, also of several processes: the format wants all samples of a name in one place,
 * and its help and type once before them. The first one says what they are; samples of another type under the same
 * name, which would make the whole text unreadable, are left out.
 */
export function exposition(families: Iterable<FamilyText>): MetricsText {
  const byName = new Map<string, FamilyText[]>();
  for (const family of families) {
    const same = byName.get(family.name);
    if (same === undefined) byName.set(family.name, [family]);
    else if (same[0]?.type === family.type) same.push(family);
  }
  const body = [...byName].flatMap(([name, same]) => [
    `# HELP ${name} ${escapeHelp(same[0]?.help ?? '')}`,
    `# TYPE ${name} ${same[0]?.type ?? 'untyped'}`,
    ...same.flatMap(({ lines }) => lines),
  ]);
  return { contentType, body: body.map((line) => `${line}\n`).join('') };
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
