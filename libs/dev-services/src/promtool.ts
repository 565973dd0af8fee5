import type { Progress } from './dev-server.js';
import type { Executable } from './executable.js';
import { findPackagedServer } from './packaged-server.js';

/**
 * Prometheus' own checker of metrics and rules, found or fetched as the servers are. Throws a ServerNotInstalledError.
 */
export function findPromtool(say: Progress = () => undefined): Promise<Executable> {
  return findPackagedServer(
    {
      title: 'promtool',
      binary: 'promtool',
      debianPackage: 'prometheus',
      versionArgs: ['--version'],
      versionPattern: /promtool, version (\d+\.\d+\.\d+)/,
    },
    { say },
  );
}
