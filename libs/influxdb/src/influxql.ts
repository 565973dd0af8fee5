const escaped = (text: string, quote: '"' | "'"): string =>
  `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')}${quote}`;

/** A name (database, measurement, field, tag) for InfluxQL, with its quotes. */
export const quoteIdentifier = (name: string): string => escaped(name, '"');

/** A string literal for InfluxQL, with its quotes. */
export const quoteString = (text: string): string => escaped(text, "'");
