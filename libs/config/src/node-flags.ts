/** The flags that Node and V8 were started with, in the order in which they count. */
export function nodeFlags(
  env: Readonly<Record<string, string | undefined>> = process.env,
  execArgv: readonly string[] = process.execArgv,
): readonly string[] {
  const fromEnvironment = (env['NODE_OPTIONS'] ?? '').split(/\s+/).filter((flag) => flag !== '');
  return [...fromEnvironment, ...execArgv];
}
