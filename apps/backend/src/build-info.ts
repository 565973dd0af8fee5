import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { BuildInfo } from '@app/bootstrap';

/** What the nearest package.json states: that of the checkout, or the one that the production build writes. */
export function buildInfo(): BuildInfo {
  const path = findPackageJSON(import.meta.url);
  const { version = '0.0.0', gitHead } =
    path === undefined ? {} : (JSON.parse(readFileSync(path, 'utf8')) as PackageJson);
  return { version, commit: gitHead };
}

interface PackageJson {
  readonly version?: string;
  /** The commit that the build was made of; npm's name for it. */
  readonly gitHead?: string;
}
