import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { devDataFolder } from './dev-data.js';
import { isAlive, markOf, type ProcessMark } from './process-identity.js';

/** The variables that tell the application where its datastores are. */
export type DatastoreUrls = { [Name in 'DATABASE_URL' | 'REDIS_URL' | 'INFLUXDB_URL']?: string };

interface Announcement {
  readonly owner: ProcessMark | undefined;
  readonly urls: DatastoreUrls;
}

const fileIn = (directory: string): string => join(directory, 'running.json');

/** Lets other commands of this clone find the servers of this process. Only this user can read it. */
export async function announceUrls(directory: string, urls: DatastoreUrls): Promise<void> {
  const announcement: Announcement = { owner: await markOf(process.pid), urls };
  await writeFile(fileIn(directory), JSON.stringify(announcement), { mode: 0o600 });
}

export async function withdrawUrls(directory: string): Promise<void> {
  await rm(fileIn(directory), { force: true });
}

/**
 * The variables that lead to the servers which `npm start` runs now in this clone; none where it does not run.
 * @param directory Where the data is kept; the clone's ignored folder if it is not given.
 */
export async function runningUrls(directory = devDataFolder()): Promise<DatastoreUrls> {
  const text = await readFile(fileIn(directory), 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  const { owner, urls } = JSON.parse(text) as Announcement;
  return owner !== undefined && (await isAlive(owner)) ? urls : {};
}
