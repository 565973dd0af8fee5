import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { BuildInfo } from '@app/bootstrap';

/** The version that package.json states, and the commit where the build has set it. */
export function buildInfo(): BuildInfo {
  const path = findPackageJSON('..', import.meta.url);
  const { version = '0.0.0' } =
    path === undefined ? {} : (JSON.parse(readFileSync(path, 'utf8')) as { version?: string });
  return { version, commit: undefined };
}
