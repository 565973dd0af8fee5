import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { parseAllDocuments, stringify } from 'yaml';
import { run } from '../engine/command.ts';
import { root } from '../engine/folders.ts';
import { kubectl } from './kubectl.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

const folder = join(root, 'docker/kubernetes');

/** Folders of docker/kubernetes that go into one rendering. */
export interface Rendering {
  readonly overlay: string;
  readonly components?: readonly string[];
}

/** What `kubectl kustomize` makes of an overlay, with components that a user would name in it. */
export async function kustomize({ overlay, components = [] }: Rendering): Promise<KubernetesObject[]> {
  if (components.length === 0) return parse(await run(await kubectl(), ['kustomize', join(folder, overlay)]));
  await using work = await temporaryFolder();
  const place = join(work.path, 'overlay');
  await mkdir(place);
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    // kustomize takes relative paths only.
    resources: [relative(place, join(folder, overlay))],
    components: components.map((name) => relative(place, join(folder, name))),
  };
  await writeFile(join(place, 'kustomization.yaml'), stringify(kustomization));
  return parse(await run(await kubectl(), ['kustomize', place]));
}

/** The objects of a stream of YAML documents. Throws with the place of a mistake. */
export function parse(text: string): KubernetesObject[] {
  const documents = parseAllDocuments(text, { strict: true, uniqueKeys: true });
  return [...documents].map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJSON() as KubernetesObject;
  });
}
