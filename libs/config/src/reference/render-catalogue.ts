import type { ConfigCategory } from '../config.js';
import type { CrossCheck } from '../cross-checks/cross-check.js';
import { crossChecks } from '../cross-checks/cross-checks.js';
import { configCategories } from '../load-config.js';
import { buildCatalogue } from '../schemas/catalogue.js';
import { metaOf, type SettingMeta, type Settings } from '../schemas/setting.js';
import { introduction } from './introduction.js';

const titles: Readonly<Record<ConfigCategory, string>> = {
  datastores: 'Datastores',
  app: 'Application',
  security: 'Security',
  performance: 'Performance',
  health: 'Health',
  lifetime: 'Start-up and shutdown',
  logging: 'Logging',
  ingest: 'Ingest',
};

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

function defaultOf(meta: SettingMeta, environment: 'development' | 'production'): string {
  const shown = meta.shown?.[environment];
  const text = meta[environment];
  if (shown !== undefined) return shown;
  if (text !== undefined) return `\`${text}\``;
  return meta.optional ? '–' : '**required**';
}

function renderRow(name: string, meta: SettingMeta): string {
  const marked = meta.secret ? `\`${name}\` 🔒` : `\`${name}\``;
  const cells = [
    marked,
    meta.meaning,
    meta.values,
    defaultOf(meta, 'development'),
    defaultOf(meta, 'production'),
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

const renderCategory = (category: ConfigCategory, settings: Settings): string =>
  [
    `## ${titles[category]}`,
    '',
    '| Variable | Meaning | Values | Development | Production |',
    '|---|---|---|---|---|',
    ...Object.entries(settings).map(([name, schema]) => renderRow(name, metaOf(schema))),
    '',
  ].join('\n');

const rulesOf = (severity: CrossCheck['severity']): readonly string[] =>
  crossChecks.filter((check) => check.severity === severity).map(({ rule }) => `- ${rule}`);

const renderRules = (): string =>
  [
    '## What must fit together',
    '',
    'A mistake, which keeps the program from starting, where this does not hold:',
    '',
    ...rulesOf('mistake'),
    '',
    'A warning where this does not hold:',
    '',
    ...rulesOf('warning'),
    '',
  ].join('\n');

/** Renders the reference of all categories. */
export function renderCatalogue(): string {
  const catalogue = buildCatalogue();
  const categories = configCategories.map((category) => renderCategory(category, catalogue[category]));
  return [introduction, ...categories, renderRules()].join('\n');
}
