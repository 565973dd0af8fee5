import type { AnySchema } from 'joi';
import type { ConfigSource } from '../config-source.js';
import { ConfigurationError } from '../configuration-error.js';
import type { Config, ConfigCategory } from '../config.js';
import { runCrossChecks } from '../cross-checks/cross-check.js';
import { crossChecks } from '../cross-checks/cross-checks.js';
import { deepFreeze } from '../deep-freeze.js';
import type { LoadedConfig } from '../load-config.js';
import { buildCatalogue, configBuilders, type Values } from '../schemas/catalogue.js';
import { metaOf } from '../schemas/setting.js';
import { readLayers } from './layers.js';
import { findUnknownNames } from './unknown-names.js';
import { validateSettings } from './validate-settings.js';

/** Does the work of `loadConfig`, and needs Joi for it. */
export function load<C extends ConfigCategory>(
  categories: readonly C[],
  source: ConfigSource,
): LoadedConfig<C> {
  const layers = readLayers(source);
  const catalogue = buildCatalogue();
  const examples = Object.values(catalogue).flatMap((settings) =>
    Object.entries<AnySchema>(settings).map(([name, schema]) => [name, `${name}=${metaOf(schema).example}`]),
  );
  // NODE_ENV decides the defaults of every category, so it is looked at even where its own is not loaded.
  const settings = [
    { NODE_ENV: catalogue.app.NODE_ENV },
    ...categories.map((category) => catalogue[category]),
  ];
  const validated = validateSettings(Object.assign({}, ...settings), layers, source.directory);
  const crossed = runCrossChecks(crossChecks, validated.values, layers.environment);
  const mistakes = [
    ...layers.mistakes,
    ...findUnknownNames(layers.layers, Object.fromEntries(examples)),
    ...validated.mistakes,
    ...crossed.mistakes,
  ];
  if (mistakes.length > 0) throw new ConfigurationError(mistakes, crossed.warnings);
  // Without a mistake the values of all these categories are there.
  const values = validated.values as Values;
  const entries = categories.map((category) => [category, configBuilders[category](values)]);
  return { config: deepFreeze(Object.fromEntries(entries) as Pick<Config, C>), warnings: crossed.warnings };
}
