import {
  type Config,
  configCategories,
  type ConfigSource,
  ConfigurationError,
  type Finding,
  loadConfig,
} from '@app/config';
import { type ConfigSummary, summaryOf } from './config-summary.js';

/** What is to be said of an environment; it holds no secret. */
export interface ConfigurationReport {
  readonly ok: boolean;
  readonly mistakes: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** The settings in effect; not where there are mistakes. */
  readonly config?: ConfigSummary;
}

export interface CheckedConfiguration {
  readonly report: ConfigurationReport;
  /** undefined where there are mistakes. */
  readonly config: Config | undefined;
}

/** Checks the whole environment without connecting to anything. */
export async function checkConfiguration(source: ConfigSource): Promise<CheckedConfiguration> {
  try {
    const { config, warnings } = await loadConfig(configCategories, source);
    return { config, report: { ok: true, mistakes: [], warnings, config: summaryOf(config) } };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const { mistakes, warnings } = error;
    return { config: undefined, report: { ok: false, mistakes, warnings } };
  }
}

/** As `1 mistake` or `3 mistakes`. */
export const counted = (count: number, word: string): string =>
  `${String(count)} ${word}${count === 1 ? '' : 's'}`;
