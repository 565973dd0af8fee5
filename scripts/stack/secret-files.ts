import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../sources.ts';
import { StackError } from './stack-error.ts';

/** Where the secrets of production lie; ignored by git. */
export const secretsFolder = join(root, 'docker/secrets');

type Known = Readonly<Record<string, string>>;

interface SecretFile {
  /** What belongs into it, for those who write their own. */
  readonly content: string;
  /** A value that fits those that are there. */
  make(known: Known): string;
}

const random = (): string => randomBytes(36).toString('base64url');

/** A password is that of the URL which names it already, so that the two never differ. */
const passwordFor = (url: string | undefined): string =>
  (url !== undefined && URL.canParse(url) && decodeURIComponent(new URL(url).password)) || random();

const urlWith = (before: string, password: string | undefined, after: string): string =>
  `${before}${encodeURIComponent(password ?? '')}${after}`;

/** The secrets of production by the name of their file. */
const secretFiles: Readonly<Record<string, SecretFile>> = {
  secret_key: { content: 'signs the tokens; at least 32 random characters', make: random },
  postgres_password: {
    content: 'of the user trading, as in database_url',
    make: (known) => passwordFor(known['database_url']),
  },
  database_url: {
    content: 'postgres://trading:PASSWORD@postgres:5432/trading',
    make: (known) => urlWith('postgres://trading:', known['postgres_password'], '@postgres:5432/trading'),
  },
  redis_password: { content: 'as in redis_url', make: (known) => passwordFor(known['redis_url']) },
  redis_url: {
    content: 'redis://:PASSWORD@redis:6379/0',
    make: (known) => urlWith('redis://:', known['redis_password'], '@redis:6379/0'),
  },
  influxdb_password: { content: 'of the user trading', make: random },
};

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Written once and never again; the folder keeps other users out, and whoever a container runs as can read the file. */
function write(path: string, secret: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${secret}\n`, { flag: 'wx' });
  chmodSync(path, 0o644);
}

/** Makes the secrets of production that have no file, random and fitting those that are there; returns their names. */
export function makeMissingSecrets(folder: string): readonly string[] {
  const known: Record<string, string> = {};
  for (const name of Object.keys(secretFiles)) {
    const secret = read(join(folder, name));
    if (secret !== '') known[name] = secret;
  }
  const missing = Object.entries(secretFiles).filter(
    ([name]) => statSync(join(folder, name), { throwIfNoEntry: false }) === undefined,
  );
  for (const [name, file] of missing) write(join(folder, name), (known[name] = file.make(known)));
  return missing.map(([name]) => name);
}

/** Throws a StackError that names every secret of production that cannot be used. */
export function checkSecrets(folder: string): void {
  const problems = Object.entries(secretFiles).flatMap(([name, { content }]) => {
    const problem = problemOf(join(folder, name));
    return problem === undefined ? [] : [`  ${name} ${problem} (${content})`];
  });
  if (problems.length === 0) return;
  throw new StackError(
    78,
    [
      'The production stack does not start without its secrets, which are files in docker/secrets:',
      ...problems,
      'Write them yourself, or let those that are missing be made, random and fitting each other:',
      '  npm run stack:prod -- --init-secrets',
    ].join('\n'),
  );
}

function problemOf(path: string): string | undefined {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 'is missing';
  if (!entry.isFile()) return 'is no file';
  // The servers and the backend run as users of their own.
  if ((entry.mode & 0o004) === 0) return 'cannot be read by the users of the containers: chmod 644';
  return read(path) === '' ? 'is empty' : undefined;
}

/** Makes the key of the development stack unless it is there; tells whether it did. */
export function makeDevelopmentKey(folder: string): boolean {
  const path = join(folder, 'development/secret_key');
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return false;
  write(path, random());
  return true;
}
