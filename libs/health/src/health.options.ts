import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { HealthAnswers } from './health-answers.js';

export interface HealthModuleOptions {
  readonly version: string;
  /** The commit that the program was built from, where the build knew it. */
  readonly commit?: string | undefined;
  /** The answers that were given before Nest was loaded; the module goes on with them. Its own without. */
  readonly answers?: HealthAnswers | undefined;
  /** The container's memory limit in bytes, where there is one. */
  readonly memoryLimit?: number | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<HealthModuleOptions>()
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
