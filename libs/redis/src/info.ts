/** The fields of an answer to INFO. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const fields = text
    .split('\r\n')
    .filter((line) => !line.startsWith('#') && line.includes(':'))
    .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
  return new Map(fields);
}
