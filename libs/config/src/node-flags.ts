/** The flags that Node and V8 were started with, in the order in which they count. */
export function nodeFlags(
  env: Readonly<Record<string, string | undefined>> = process.env,
  execArgv: readonly string[] = process.execArgv,
): readonly string[] {
  const fromEnvironment = (env['NODE_OPTIONS'] ?? '').split(/\s+/).filter((flag) => flag !== '');
  return [...fromEnvironment, ...execArgv];
}

/**
 * The positive number that a flag such as `max-old-space-size` has, or undefined. The last one counts, as for Node; V8
 * takes underscores for dashes.
 */
export function flagValue(flags: readonly string[], name: string): number | undefined {
  const found = flags.findLast((flag) => flag.replaceAll('_', '-').startsWith(`--${name}=`));
  const value = Number(found?.split('=', 2)[1]);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
