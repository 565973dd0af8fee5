import { randomUUID } from 'node:crypto';
import { run, runToEnd } from './command.ts';
import { type Engine, EngineUnavailableError, type ImageNames, type NoEngine } from './engine.ts';
import { existingHost, noExistingEngine } from './existing-engine.ts';
import { type ImageVariable, imageVariables, realImages, standInImages } from './images.ts';
import { standInParts } from './parts.ts';
import { startPrivateEngine } from './private-engine.ts';
import { privateObstacle } from './private-obstacle.ts';
import { enginePrograms } from './programs.ts';
import { makeStandIns } from './stand-ins.ts';
import { trial } from './trial.ts';

const pullLimitMs = 60_000;

/**
 * Opens an engine that can run containers, with the images that the tests build on: the one that `docker` reaches, or
 * one brought up for this process (as root on Debian). Disposing of it leaves nothing behind of what it brought up.
 * @param tell Is told what takes its time.
 */
export async function openEngine(tell: (what: string) => void = () => undefined): Promise<Engine | NoEngine> {
  try {
    const missing = await noExistingEngine();
    return missing === undefined ? await existingEngine(tell) : await privateEngine(missing, tell);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { unavailable: why.replaceAll(/\s*\n\s*/g, ' ') };
  }
}

const newRun = () => `run-${randomUUID().slice(0, 8)}`;

async function existingEngine(tell: (what: string) => void): Promise<Engine> {
  const failure = await trial({});
  if (failure !== undefined)
    throw new EngineUnavailableError(`The engine cannot run a container: ${failure}`);
  tell('The engine that is here is used');
  const images = Object.fromEntries(
    await Promise.all(
      imageVariables.map(async (variable) => [variable, await pulledImage(variable)] as const),
    ),
  );
  const missing = imageVariables.filter((variable) => images[variable] === undefined);
  if (missing.length > 0) {
    const obstacle = await privateObstacle();
    if (obstacle !== undefined) {
      throw new EngineUnavailableError(`Images cannot be pulled, and no stand-ins be made: ${obstacle}`);
    }
    tell('Stand-in images are made for those that cannot be pulled');
    await makeStandIns(missing, {}, await standInParts(await enginePrograms()));
  }
  const name = newRun();
  return {
    env: {},
    host: existingHost(process.env),
    run: name,
    images: { ...standInImages, ...onlyStrings(images) },
    // It belongs to others; only what the run has built goes.
    [Symbol.asyncDispose]: () => removeImagesOf(name),
  };
}

async function removeImagesOf(name: string): Promise<void> {
  const list = ['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=*:${name}-*`];
  const built = (await run('docker', list)).split('\n').filter((image) => image !== '');
  if (built.length > 0) await run('docker', ['image', 'rm', '--force', ...built]);
}

/** The caller's choice, or the real image if it is there or can be pulled. */
async function pulledImage(variable: ImageVariable): Promise<string | undefined> {
  const given = process.env[variable];
  if (given) return given;
  const image = realImages[variable];
  const { code } = await runToEnd('docker', ['image', 'inspect', image]);
  if (code === 0) return image;
  const pull = await runToEnd('docker', ['pull', '--quiet', image], { timeoutMs: pullLimitMs });
  return pull.code === 0 ? image : undefined;
}

function onlyStrings(images: Readonly<Record<string, string | undefined>>): Partial<ImageNames> {
  return Object.fromEntries(Object.entries(images).filter(([, image]) => image !== undefined));
}

async function privateEngine(missing: string, tell: (what: string) => void): Promise<Engine> {
  const obstacle = await privateObstacle();
  if (obstacle !== undefined)
    throw new EngineUnavailableError(`There is no engine: ${missing}, and ${obstacle}`);
  tell(`An engine is brought up (${missing})`);
  const programs = await enginePrograms();
  const parts = standInParts(programs);
  // Looked at only once the engine is up, and it may fail before.
  parts.catch(() => undefined);
  const engine = await startPrivateEngine(programs);
  try {
    const failure = await trial(engine.env);
    if (failure !== undefined)
      throw new EngineUnavailableError(`The engine cannot run a container: ${failure}`);
    tell('The engine is up; stand-in images are made');
    await makeStandIns(imageVariables, engine.env, await parts);
    // The builder's copies of what they were made of: a third of what the engine would keep on disk.
    await run('docker', ['builder', 'prune', '--force', '--filter', 'type=source.local'], {
      env: engine.env,
    });
    return { ...engine, run: newRun(), images: standInImages };
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}
