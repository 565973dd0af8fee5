import { spawnSync } from 'node:child_process';
import { findPromtool } from '@app/dev-services';
import { type ExposedFamily, type ExposedSample, parseExposition } from '@app/testing';
import type { Backend } from './backend.js';

/** What `/metrics` has answered. */
export interface Scrape {
  readonly text: string;
  readonly families: readonly ExposedFamily[];
  /** The value of the one sample of this name and these labels, among others; undefined where there is none. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
}

/** Asks as Prometheus does. Throws an Error for an answer that breaks the rules of the format. */
export async function scrape({ managementUrl }: Pick<Backend, 'managementUrl'>): Promise<Scrape> {
  const response = await fetch(`${managementUrl}/metrics`);
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || type !== 'text/plain; version=0.0.4; charset=utf-8')
    throw new Error(`/metrics answers ${String(response.status)} ${type}`);
  const text = await response.text();
  const families = parseExposition(text);
  return {
    text,
    families,
    value: (name, labels = {}) => {
      const has = (sample: ExposedSample): boolean =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
      const found = families.flatMap(({ samples }) => samples.filter(has));
      if (found.length > 1) throw new Error(`${name} has several such samples.`);
      return found[0]?.value;
    },
  };
}

/** What Prometheus' own checker says of a text: nothing where it is well. */
export async function promtoolFindings(text: string): Promise<string> {
  const { path, env } = await findPromtool();
  const { status, stdout, stderr } = spawnSync(path, ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return status === 0 ? stdout + stderr : `${String(status)}: ${stdout}${stderr}`;
}
