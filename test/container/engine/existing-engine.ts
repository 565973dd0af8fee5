import { runToEnd } from './command.ts';

const limitMs = 15_000;

/**
 * Whether `docker` reaches an engine from here, by the caller's own DOCKER_HOST or context, and has Compose of version
 * 2 and buildx. Undefined if so, else why not.
 */
export async function noExistingEngine(): Promise<string | undefined> {
  const questions = [
    ['version', '--format', '{{.Server.Version}}'],
    ['compose', 'version', '--short'],
    ['buildx', 'version'],
  ];
  for (const question of questions) {
    const name = `docker ${question[0] ?? ''}`;
    try {
      const { code, stderr } = await runToEnd('docker', question, { timeoutMs: limitMs });
      if (code !== 0) return `${name} fails (${stderr.trim().split('\n').at(-1) ?? ''})`;
    } catch {
      return 'docker is not installed';
    }
  }
  return undefined;
}

/** Where its published ports answer. */
export function existingHost(env: NodeJS.ProcessEnv): string {
  const given = env['ENGINE_HOST'];
  if (given) return given;
  const remote = /^(?:tcp|ssh):\/\/(?:[^@/]*@)?(?<name>\[[^\]]+\]|[^:/]+)/.exec(env['DOCKER_HOST'] ?? '');
  return remote?.groups?.['name'] ?? '127.0.0.1';
}
