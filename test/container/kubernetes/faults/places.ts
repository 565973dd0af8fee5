/** The object, the place in it, the value that is planted (none takes the field out), and what is told of it. */
export type RuleFault = readonly [object: string, path: string, value: unknown, told: string];

export type RuleFaults = Readonly<Record<string, readonly RuleFault[]>>;

export const backend = 'Deployment/backend';
export const config = 'ConfigMap/backend-config';
export const pod = '/spec/template/spec';
export const container = `${pod}/containers/0`;
export const init = `${pod}/initContainers/0`;
