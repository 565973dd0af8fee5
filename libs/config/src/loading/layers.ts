import { resolve } from 'node:path';
import type { ConfigSource } from '../config-source.js';
import type { Finding } from '../configuration-error.js';
import type { AppConfig } from '../config.js';
import { parseEnvFile } from './env-file.js';
import { explainUnreadable, readText } from './read-text.js';
import { resolveVariable } from './resolve-variable.js';

type Environment = AppConfig['env'];

/** A set of variables from one place. */
export interface Layer {
  /** The place as an operator knows it: a file's name or "the process environment". */
  readonly label: string;
  readonly isFile: boolean;
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** The variables from all places, the strongest first. */
export interface Layers {
  readonly environment: Environment;
  readonly layers: readonly Layer[];
  readonly mistakes: readonly Finding[];
}

interface LayerFile {
  readonly layers: readonly Layer[];
  readonly mistakes: readonly Finding[];
}

function readLayer(label: string, directory: string, mustExist: boolean): LayerFile {
  const read = readText(resolve(directory, label));
  if ('code' in read) {
    const isMistake = mustExist || read.code !== 'ENOENT';
    return {
      layers: [],
      mistakes: isMistake ? [{ variable: label, problem: explainUnreadable(read.code) }] : [],
    };
  }
  const { values, problems } = parseEnvFile(read.text);
  return {
    layers: [{ label, isFile: true, values }],
    mistakes: problems.map((problem) => ({ variable: label, problem, example: 'APP_NAME="backend #1"' })),
  };
}

// A name that is none of the three is reported as such; the rules of production are the safe ones for the rest.
function environmentOf(layers: readonly Layer[], directory: string): Environment {
  const resolution = resolveVariable('NODE_ENV', { layers, directory, secret: false });
  const given = resolution.kind === 'given' ? resolution.text.toLowerCase() : 'development';
  if (given === 'test') return 'test';
  return 'development'.startsWith(given) ? 'development' : 'production';
}

function misplacedEnvironment({ label, values }: Layer, environment: Environment): readonly Finding[] {
  const given = values['NODE_ENV'];
  if (given === undefined || given === '' || given === environment) return [];
  const problem = `differs from the environment ${environment} that this file was chosen by; set it in the process environment`;
  return [{ variable: 'NODE_ENV', problem, example: `NODE_ENV=${environment}`, source: label }];
}

/** Reads the process environment and the `.env` files that belong to it. Looks at the values of NODE_ENV alone. */
export function readLayers({ env, directory, envFile, fallback = {} }: ConfigSource): Layers {
  const own: Layer = { label: 'the process environment', isFile: false, values: env };
  const last: Layer = { label: 'development services', isFile: false, values: fallback };
  if (envFile !== undefined) {
    const file = readLayer(envFile, directory, true);
    const layers = [own, ...file.layers, last];
    return { environment: environmentOf(layers, directory), layers, mistakes: file.mistakes };
  }
  const environment = environmentOf([own], directory);
  const files = [`.env.${environment}.local`, `.env.${environment}`].map((label) =>
    readLayer(label, directory, false),
  );
  const fileLayers = files.flatMap(({ layers }) => layers);
  return {
    environment,
    layers: [own, ...fileLayers, last],
    mistakes: [
      ...files.flatMap(({ mistakes }) => mistakes),
      ...fileLayers.flatMap((layer) => misplacedEnvironment(layer, environment)),
    ],
  };
}
