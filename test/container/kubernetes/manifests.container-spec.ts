import { beforeAll, describe, expect, it } from 'vitest';
import { kustomize, parse, type Rendering } from './kustomize.ts';
import { type KubernetesObject, nameOf } from './kubernetes-object.ts';
import { type PlantedFault, plant } from './planted-fault.ts';
import { violationsOf } from './policies/index.ts';
import { strictFindings } from './strict-validation.ts';
import { configOf } from './variables.ts';

const execProbes = ['components/exec-probes'];
const renderings: readonly Rendering[] = [
  { overlay: 'overlays/development' },
  { overlay: 'overlays/development', components: execProbes },
  { overlay: 'overlays/production' },
  { overlay: 'overlays/production', components: execProbes },
];
const titleOf = ({ overlay, components = [] }: Rendering): string => [overlay, ...components].join(' with ');

async function findingsOf(objects: readonly KubernetesObject[]): Promise<string[]> {
  const found = await Promise.all(
    objects.map(async (object) => (await strictFindings(object)).map((one) => `${nameOf(object)} ${one}`)),
  );
  return found.flat();
}

describe.each(renderings.map((rendering): [string, Rendering] => [titleOf(rendering), rendering]))(
  '%s',
  (_, rendering) => {
    let objects: KubernetesObject[];
    beforeAll(async () => {
      objects = await kustomize(rendering);
    });

    it('is what the API server takes under strict validation', async () => {
      expect(objects.map(nameOf)).toContain('Deployment/backend');
      expect(await findingsOf(objects)).toEqual([]);
    });

    it('keeps every rule', async () => {
      expect(await violationsOf(objects)).toEqual([]);
    });

    it('gives the backend an environment that can work, without a warning', async () => {
      const { config, warnings } = await configOf(objects);
      expect(warnings).toEqual([]);
      expect(config.app).toMatchObject({ env: 'production', port: 8000, managementPort: 8001 });
      expect(config.logging).toMatchObject({ dir: undefined, file: undefined });
    });
  },
);

describe('the component exec-probes', () => {
  it('leaves no probe of the backend that asks over the network', async () => {
    const objects = await kustomize({ overlay: 'overlays/production', components: execProbes });
    const backend = objects.find((object) => nameOf(object) === 'Deployment/backend');
    expect(JSON.stringify(backend).match(/"(?:httpGet|exec)"/g)).toEqual(['"exec"', '"exec"', '"exec"']);
  });
});

describe('the base', () => {
  it('has the limits and reservations of the guide, and one Secret that it only names', async () => {
    const objects = await kustomize({ overlay: 'base' });
    const text = JSON.stringify(objects.find((object) => nameOf(object) === 'Deployment/backend'));
    expect(text).toContain(
      '"limits":{"cpu":"500m","memory":"1Gi"},"requests":{"cpu":"250m","memory":"512Mi"}',
    );
    expect(text).toContain('"secretName":"backend-secrets"');
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
  });
});

const pod = '/spec/template/spec';
const container = `${pod}/containers/0`;
const backend = 'Deployment/backend';

describe('strict validation', () => {
  let objects: KubernetesObject[];
  beforeAll(async () => {
    objects = await kustomize({ overlay: 'overlays/production' });
  });

  it.each<[string, PlantedFault, string]>([
    [
      'an unknown field',
      { object: backend, path: `${pod}/restartPolice`, value: 'Always' },
      `${pod}/restartPolice: unknown field`,
    ],
    [
      'an unknown field deep down',
      { object: backend, path: `${container}/startupProbe/httpGet/prot`, value: 1 },
      `${container}/startupProbe/httpGet/prot: unknown field`,
    ],
    [
      'a field in the wrong place',
      { object: backend, path: '/spec/template/containers', value: [] },
      '/spec/template/containers: unknown field',
    ],
    [
      'an unknown field with a whole object',
      { object: backend, path: `${container}/securitycontext`, value: { privileged: true } },
      `${container}/securitycontext: unknown field`,
    ],
    [
      'a field of another kind',
      { object: 'Service/backend', path: '/spec/replicas', value: 1 },
      '/spec/replicas: unknown field',
    ],
    [
      'text for a number',
      { object: backend, path: '/spec/replicas', value: '3' },
      '/spec/replicas: must be integer',
    ],
    [
      'a number for text',
      { object: backend, path: `${container}/args/0`, value: 1 },
      `${container}/args/0: must be string`,
    ],
    [
      'an object for a list',
      { object: backend, path: `${container}/ports`, value: { name: 'http' } },
      `${container}/ports: must be array`,
    ],
    [
      'text for a boolean',
      { object: backend, path: `${container}/securityContext/readOnlyRootFilesystem`, value: 'true' },
      `${container}/securityContext/readOnlyRootFilesystem: must be boolean`,
    ],
    [
      'a number in a ConfigMap',
      { object: 'ConfigMap/backend-config', path: '/data/PORT', value: 8000 },
      '/data/PORT: must be string',
    ],
    [
      'a missing field',
      { object: backend, path: '/spec/selector', value: undefined },
      '/spec/selector: required field is missing',
    ],
    [
      'a missing field in a list',
      { object: backend, path: `${container}/ports/0/containerPort`, value: undefined },
      `${container}/ports/0/containerPort: required field is missing`,
    ],
    [
      'a missing name',
      { object: backend, path: `${pod}/volumes/0/name`, value: undefined },
      `${pod}/volumes/0/name: required field is missing`,
    ],
    [
      'a value that is none of the list',
      { object: backend, path: `${container}/imagePullPolicy`, value: 'Sometimes' },
      `${container}/imagePullPolicy: must be one of Always, IfNotPresent, Never`,
    ],
    [
      'a protocol that there is not',
      { object: 'NetworkPolicy/backend', path: '/spec/egress/0/ports/0/protocol', value: 'ICMP' },
      '/spec/egress/0/ports/0/protocol: must be one of SCTP, TCP, UDP',
    ],
    [
      'a kind that there is not',
      { object: 'PodDisruptionBudget/backend', path: '/kind', value: 'PodDisruptionBuget' },
      '/kind: policy/v1 has no PodDisruptionBuget',
    ],
    [
      'a version that is gone',
      { object: 'PodDisruptionBudget/backend', path: '/apiVersion', value: 'policy/v1beta9' },
      '/kind: policy/v1beta9 has no PodDisruptionBudget',
    ],
  ])('refuses %s and names its path', async (_, fault, finding) => {
    const found = await findingsOf(plant(objects, fault));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(finding);
  });

  it('refuses a key that is there twice', () => {
    expect(() => parse('kind: Pod\nkind: Service\n')).toThrow('Map keys must be unique');
  });
});
