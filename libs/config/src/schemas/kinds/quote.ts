/**
 * Quotes a wrong value for a mistake: on one line, short, and without credentials, which an operator may have
 * put into a variable that is no secret.
 */
export function quote(value: string): string {
  const harmless = value.replaceAll(/\/\/\S*@/g, '//…@');
  return JSON.stringify(harmless.length > 60 ? `${harmless.slice(0, 60)}…` : harmless);
}
