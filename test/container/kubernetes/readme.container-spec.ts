import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { type ISecret, Secret } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { run } from '../engine/command.ts';
import { root } from '../engine/folders.ts';
import { kubectl } from './kubectl.ts';
import { kustomize, parse } from './kustomize.ts';
import { type KubernetesObject, ofKind } from './kubernetes-object.ts';
import { workloadsOf } from './policies/workloads.ts';
import { secretKeys, secretValues } from './variables.ts';

/** The commands of a README that make Secrets, without those that need a cluster. */
async function secretCommands(overlay: string): Promise<string> {
  const text = await readFile(join(root, 'docker/kubernetes', overlay, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const block = blocks.find((one) => one.includes('create secret')) ?? '';
  return block.replaceAll(/^kubectl apply .*$/gm, '');
}

/** Runs the commands with a kubectl that prints the objects instead of sending them. */
async function secretsOf(overlay: string): Promise<ReturnType<typeof toText>[]> {
  await using work = await temporaryFolder();
  await mkdir(join(work.path, 'trading-secrets'));
  for (const [key, value] of Object.entries(secretValues)) {
    await writeFile(join(work.path, 'trading-secrets', key), `${value}\n`);
  }
  const print = `kubectl() { echo ---; '${await kubectl()}' "$@" --dry-run=client --output=yaml; }`;
  const text = await run('bash', ['-euc', `${print}\n${await secretCommands(overlay)}`], {
    cwd: work.path,
    env: { HOME: work.path },
  });
  return ofKind(parse(text).filter(Boolean), Secret.is).map(toText);
}

function toText({ metadata, data = {} }: ISecret) {
  const values = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
  return { ...metadata, data: Object.fromEntries(values) as Record<string, string> };
}

const namesOf = (objects: readonly KubernetesObject[]): Set<string> =>
  new Set(
    workloadsOf(objects)
      .flatMap(({ pod }) => pod.volumes ?? [])
      .flatMap(({ secret }) => secret?.secretName ?? []),
  );

describe.each(['overlays/development', 'overlays/production'])('the README of %s', (overlay) => {
  it('makes every Secret that the pods name, in their namespace, with the keys that the ConfigMap names', async () => {
    const objects = await kustomize({ overlay });
    const made = await secretsOf(overlay);
    expect(new Set(made.map(({ name }) => name))).toEqual(namesOf(objects));
    const [namespace] = workloadsOf(objects).map((workload) => workload.namespace);
    expect(made.map((secret) => secret.namespace)).toEqual(made.map(() => namespace));
    const backend = made.find(({ name }) => name === 'backend-secrets');
    expect(Object.keys(backend?.data ?? {}).toSorted()).toEqual(secretKeys.toSorted());
  });
});

describe('the README of overlays/development', () => {
  it('makes a key of full length, and the same password for both sides', async () => {
    const made = await secretsOf('overlays/development');
    const { SECRET_KEY: key = '', DATABASE_URL: url = '' } = Object.assign(
      {},
      ...made.map(({ data }) => data),
    ) as Record<string, string>;
    const { POSTGRES_PASSWORD: password } = made.find(({ name }) => name === 'postgres-secrets')?.data ?? {};
    expect(key).toHaveLength(48);
    expect(decodeURIComponent(new URL(url).password)).toBe(password);
  });
});
