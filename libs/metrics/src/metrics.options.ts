import { ConfigurableModuleBuilder } from '@nestjs/common';

export interface MetricsModuleOptions {
  readonly version: string;
  /** The commit that the program was built from, where the build knew it. */
  readonly commit?: string | undefined;
  /** The number of this process among the workers; 1 for one that serves alone. */
  readonly worker?: number | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<MetricsModuleOptions>()
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
