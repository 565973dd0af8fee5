/** One line of a value. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of metrics as it stands in the text. */
export interface ExposedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ExposedSample[];
}

const metricName = String.raw`[a-zA-Z_:][a-zA-Z0-9_:]*`;
const pair = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
const number = String.raw`NaN|[+-]Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const helpLine = new RegExp(`^# HELP (${metricName}) (.+)$`);
const typeLine = new RegExp(`^# TYPE (${metricName}) (counter|gauge|histogram|summary)$`);
const sampleLine = new RegExp(String.raw`^(${metricName})(?:\{(${pair}(?:,${pair})*)\})? (${number})$`);
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Reads the text format 0.0.4 of Prometheus more strictly than Prometheus does: help, then type, then all samples of a
 * name in one place and each once, no other lines. Throws an Error with the line that breaks a rule.
 */
export function parseExposition(text: string): readonly ExposedFamily[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('The last line does not end.');
  const families: (ExposedFamily & { readonly samples: ExposedSample[] })[] = [];
  const seen = new Set<string>();
  const once = (what: string): void => {
    if (seen.has(what)) throw new Error(`Twice: ${what}`);
    seen.add(what);
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, named, help = ''] = helpLine.exec(line) ?? [];
    if (named !== undefined) {
      const [, typed, type = ''] = typeLine.exec(lines[(at += 1)] ?? '') ?? [];
      if (typed !== named) throw new Error(`No type follows: ${line}`);
      once(named);
      families.push({ name: named, help: help.replaceAll('\\\\', '\\'), type, samples: [] });
      continue;
    }
    const sample = readSample(line);
    const family = families.at(-1);
    if (family === undefined || !belongs(sample, family)) throw new Error(`Not in its family: ${line}`);
    once(keyOf(sample));
    family.samples.push(sample);
  }
  return families;
}

function keyOf({ name, labels }: ExposedSample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name} ${pairs.toSorted().join(' ')}`;
}

function belongs({ name, value }: ExposedSample, family: ExposedFamily): boolean {
  const own = suffixes[family.type]?.some((suffix) => name === family.name + suffix) === true;
  return own && (family.type !== 'counter' || value >= 0);
}

function readSample(line: string): ExposedSample {
  const [, name, pairs = '', text = ''] = sampleLine.exec(line) ?? [];
  const value = Number(text.replace(/^([+-])Inf$/, '$1Infinity'));
  if (name === undefined) throw new Error(`Neither help nor type nor sample: ${line}`);
  const labels: Record<string, string> = {};
  for (const [, label = '', quoted = ''] of pairs.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)) {
    if (label in labels) throw new Error(`A label twice: ${line}`);
    labels[label] = quoted.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  }
  return { name, labels, value };
}
