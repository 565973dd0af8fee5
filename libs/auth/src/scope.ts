/** What a token may do, from the least to the most: each scope includes those before it. */
export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Whether the granted scopes suffice. They are hierarchical: `admin` includes `write`, `write` includes `read`. */
export function includesScope(granted: readonly Scope[], needed: Scope): boolean {
  return granted.some((scope) => scopes.indexOf(scope) >= scopes.indexOf(needed));
}

/** Reads the space-separated list of a `scope` claim (RFC 8693, section 4.2); unknown names grant nothing. */
export function parseScopes(text: string): readonly Scope[] {
  const names = text.split(' ');
  return scopes.filter((scope) => names.includes(scope));
}
