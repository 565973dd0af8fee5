import { describe, expect, it } from 'vitest';
import { containerFamilies } from './container-families.js';
import { exposition } from './exposition.js';
import { renderFamily } from './family-text.js';

const samples = (limits: Parameters<typeof containerFamilies>[0]): readonly string[] =>
  exposition(containerFamilies(limits).map((family) => renderFamily(family)))
    .body.split('\n')
    .filter((line) => !line.startsWith('#') && line !== '');

describe('containerFamilies', () => {
  it('tells what the container allows and uses, in base units', () => {
    const memory = { limitBytes: 512, usageBytes: 200, workingSetBytes: 150, oomKills: 2 };
    expect(samples({ memory, cpuCores: 0.5 })).toEqual([
      'app_container_memory_limit_bytes 512',
      'app_container_memory_usage_bytes 200',
      'app_container_memory_working_set_bytes 150',
      'app_container_oom_kills_total 2',
      'app_container_cpu_limit_cores 0.5',
    ]);
  });

  it('has no sample for what is not known: a limit that is not there is not zero', () => {
    const unknown = undefined;
    const memory = { limitBytes: unknown, usageBytes: 200, workingSetBytes: unknown, oomKills: unknown };
    expect(samples({ memory, cpuCores: unknown })).toEqual(['app_container_memory_usage_bytes 200']);
  });
});
