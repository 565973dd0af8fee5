/** What the keeper is told, as JSON in its only argument. */
export interface KeeperOrder {
  /** The engine's temporary folder; its name is also that of its cgroups and of its network interface. */
  readonly folder: string;
  /** PATH, with the engine's programs first. */
  readonly path: string;
  /** Further variables that the engine's programs need. */
  readonly env: Readonly<Record<string, string>>;
}

/** What it answers, as one line of JSON: the engine answers on the socket, or why it does not. */
export type KeeperReport = { readonly socket: string; readonly host: string } | { readonly failed: string };
