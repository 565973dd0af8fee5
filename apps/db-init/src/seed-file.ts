import { readFile } from 'node:fs/promises';
import { SeedFileError } from './db-init.errors.js';
import { readSeed, type Seed } from './domain.js';

/** Reads and checks INIT_SEED_FILE. Throws a SeedFileError, or the domain's error for its content. */
export async function readSeedFile(path: string): Promise<Seed> {
  return readSeed(await readJson(path));
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new SeedFileError(path, error);
  }
}
