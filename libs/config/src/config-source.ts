/** Where the variables come from. */
export interface ConfigSource {
  /** The process environment, which wins over every file. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the `.env` files, which relative paths in `NAME_FILE` start from too. */
  readonly directory: string;
  /** A file that is read instead of `.env.<NODE_ENV>.local` and `.env.<NODE_ENV>`, and that must exist. */
  readonly envFile?: string;
  /** What holds where no other place sets a variable: the servers of development. */
  readonly fallback?: Readonly<Record<string, string | undefined>>;
}

/** The environment and the working directory of this process. */
export const processSource = (): ConfigSource => ({ env: process.env, directory: process.cwd() });
