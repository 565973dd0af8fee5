import joi, { type AnySchema } from 'joi';
import type { AppConfig } from '../config.js';
import type { Kind } from './kinds/kind.js';

/** The environment that decides which defaults hold. */
export type Environment = AppConfig['env'];

/** What a variable's schema carries as metadata; the reference and the report of mistakes are made of it. */
export interface SettingInfo {
  readonly meaning: string;
  /** A value that is right, as an operator would write it in a shell. */
  readonly example: string;
  /** A secret's value is never quoted, nor is a URL's, which may hold a password. */
  readonly secret?: true;
  /** The defaults, as an operator would write them. Without one the variable is required, or else optional. */
  readonly development?: string;
  readonly production?: string;
  /** What a mistake adds in development where the variable is missing. */
  readonly whenMissing?: string;
  /** What the reference shows instead of the default, by environment. */
  readonly shown?: { readonly development?: string; readonly production?: string };
}

export interface SettingMeta extends SettingInfo {
  readonly values: string;
  readonly optional: boolean;
}

const describe = <T>(kind: Kind<T>, info: SettingInfo, optional: boolean): AnySchema<T> =>
  kind.schema
    .empty('')
    .description(info.meaning)
    .example(info.example)
    .meta({ ...info, values: kind.values, optional } satisfies SettingMeta);

/** The schema of a variable that has a value in every valid environment: where it has no default, it is required. */
export const setting = <T>(kind: Kind<T>, info: SettingInfo): AnySchema<T> => describe(kind, info, false);

/** The schema of a variable that may be absent. */
export const optionalSetting = <T>(kind: Kind<T>, info: SettingInfo): AnySchema<T | undefined> =>
  describe<T | undefined>(kind, info, true);

/** The metadata of a schema that `setting` or `optionalSetting` made. */
export function metaOf(schema: AnySchema): SettingMeta {
  const [meta] = schema.$_terms['metas'] as readonly [SettingMeta];
  return meta;
}

/** The variables of a category by name, without the defaults of an environment. */
export type Settings = Readonly<Record<string, AnySchema>>;

/** The values that the settings give once they are validated. */
export type ValuesOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends AnySchema<infer T> ? T : never;
};

/** The Joi schema of a category as it holds in an environment: defaults go through the same reading as given values. */
export function categorySchema(
  settings: Settings,
  environment: Environment,
): joi.ObjectSchema<Record<string, unknown>> {
  const defaults = environment === 'production' ? 'production' : 'development';
  const keys = Object.entries(settings).map(([name, schema]) => {
    const meta = metaOf(schema);
    const text = meta[defaults];
    if (text !== undefined) return [name, schema.default(joi.attempt(text, schema))];
    return [name, meta.optional ? schema : schema.required()];
  });
  return joi.object(Object.fromEntries(keys));
}
