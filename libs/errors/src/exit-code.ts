/** Exit codes that users' scripts rely on; those from 64 on follow BSD's sysexits.h. */
export const exitCodes = {
  /** Done, also after SIGTERM or SIGINT once drained. */
  ok: 0,
  /** A command's work failed: rows rejected, a migration error. */
  failed: 1,
  /** Wrong usage of a command. */
  usage: 64,
  /** A required dependency did not come up in time, or the init status says `failed`. */
  unavailable: 69,
  /** Unexpected error, or a step of the shutdown failed or overran its share. */
  software: 70,
  /** Ended by force: the shutdown timeout passed, or a second signal came. */
  forced: 75,
  /** The configuration cannot work. */
  config: 78,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
