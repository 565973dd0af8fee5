import { join } from 'node:path';
import { findCgroupFolders } from './cgroup-folders.js';
import { parseNumber, readOptional } from './read-optional.js';

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const quotaUs = parseNumber(quota);
  const periodUs = parseNumber(period);
  return quotaUs === undefined || !periodUs ? undefined : quotaUs / periodUs;
}

function quotaOf(folder: string, version: 1 | 2): number | undefined {
  if (version === 1) {
    return ratio(
      readOptional(join(folder, 'cpu.cfs_quota_us')),
      readOptional(join(folder, 'cpu.cfs_period_us')),
    );
  }
  const [quota, period] = (readOptional(join(folder, 'cpu.max')) ?? '').split(' ');
  return ratio(quota, period);
}

/** The smallest CPU quota over the process's control groups, in processors; undefined where there is none. */
export function readCpuQuota(root: string): number | undefined {
  const found = findCgroupFolders(root, 'cpu');
  const quotas = found?.folders.flatMap((folder) => quotaOf(folder, found.version) ?? []) ?? [];
  return quotas.length === 0 ? undefined : Math.min(...quotas);
}
