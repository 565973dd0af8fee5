/** A column's texts stand at its left or at its right edge. */
export type Alignment = 'left' | 'right';

/** Rows whose cells stand below each other, two spaces apart. */
export function renderTable(
  alignments: readonly Alignment[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = alignments.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        alignments[column] === 'right'
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** The words of a text in lines of at most so many columns, each behind the indent; a longer word has a line of its own. */
export function wrapped(text: string, columns: number, indent: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
