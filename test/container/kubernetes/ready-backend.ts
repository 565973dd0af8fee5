import { waitFor } from '@app/testing';
import type { DevelopmentSystem } from './development-system.ts';

/** A pod of the backend that is ready; for `await using`, which removes it. */
export interface ReadyBackend extends AsyncDisposable {
  readonly container: string;
  /** Runs a program in the container and returns what it wrote. Throws if it fails. */
  exec(...command: string[]): Promise<string>;
}

/** Plays a pod under that name and waits until it is ready. Throws with the end of its log if it does not get so. */
export async function readyBackend(system: DevelopmentSystem, name: string): Promise<ReadyBackend> {
  const { podman } = system;
  const container = `${name}-backend`;
  const exec = (...command: string[]) => podman.run('exec', container, ...command);
  const remove = async () => void (await podman.run('pod', 'rm', '--force', '--time', '0', name));
  try {
    await system.playBackend(name);
    await waitFor(() => exec('healthcheck', '--port', '8001', '--path', '/readyz'), {
      timeoutMs: 60_000,
      message: `readiness of the pod ${name}`,
    });
    return { container, exec, [Symbol.asyncDispose]: remove };
  } catch (error) {
    const { stdout, stderr } = await podman.runToEnd('logs', container);
    await remove();
    throw new Error(`The backend is not ready: ${`${stdout}${stderr}`.slice(-3_000)}`, { cause: error });
  }
}
