import { readFile } from 'node:fs/promises';

/** What db-init says of itself in its status file. */
export interface InitStatus {
  readonly state: 'running' | 'completed' | 'failed';
  /** RFC 3339. */
  readonly startedAt: string;
  /** RFC 3339; absent while it runs. */
  readonly finishedAt?: string;
  /** The names of all migrations that the database has. */
  readonly migrations: readonly string[];
  /** Why it failed; never a secret. */
  readonly error?: string;
}

/**
 * Reads a status file. Returns undefined when there is none yet, or when it cannot be read as a status: the file is
 * written atomically, so anything else is not db-init's.
 */
export async function readInitStatus(path: string): Promise<InitStatus | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isInitStatus(content) ? content : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isInitStatus(content: unknown): content is InitStatus {
  if (typeof content !== 'object' || content === null) return false;
  const { state, migrations } = content as Partial<Record<keyof InitStatus, unknown>>;
  return (state === 'running' || state === 'completed' || state === 'failed') && Array.isArray(migrations);
}
