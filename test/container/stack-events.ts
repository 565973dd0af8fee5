import { runProcess, waitFor } from '@app/testing';
import type { EngineAccess } from './engine/engine.ts';

/** Something that happened to a container of a project. */
export interface StackEvent {
  readonly service: string;
  /** As `start`, `die`, `health_status: healthy`. */
  readonly action: string;
  readonly exitCode?: string;
}

interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
}

/** Listens while something is done to a stack; for `await using`. */
export interface EventWatch extends AsyncDisposable {
  /** What has happened so far, the oldest first, without the runs of health checks. */
  seen(): readonly StackEvent[];
  /** Resolves with all once as many containers as are named have had that happen to them. */
  until(action: string, services: readonly string[]): Promise<readonly StackEvent[]>;
}

export async function watchEvents(engine: EngineAccess, project: string): Promise<EventWatch> {
  const since = (Date.now() / 1_000).toFixed(3);
  const label = `label=com.docker.compose.project=${project}`;
  const args = ['events', '--since', since, '--filter', label, '--format', '{{json .}}'];
  const listener = await runProcess('docker', args, { env: engine.env });
  const seen = () => eventsOf(listener.stdout);
  return {
    seen,
    until: (action, services) =>
      waitFor(
        () => {
          const events = seen();
          const there = new Set(
            events.filter((event) => event.action === action).map(({ service }) => service),
          );
          return services.every((service) => there.has(service)) ? events : undefined;
        },
        { message: `${action} of ${services.join(', ')}` },
      ),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

/** The last line may not be whole yet. */
function eventsOf(written: string): readonly StackEvent[] {
  return written
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EngineEvent)
    .filter(({ Action }) => !Action.startsWith('exec_'))
    .map(({ Action, Actor: { Attributes } }) => ({
      service: Attributes['com.docker.compose.service'] ?? '',
      action: Action,
      ...(Attributes['exitCode'] !== undefined && { exitCode: Attributes['exitCode'] }),
    }));
}

/** What `stack:down` is to find, by service: an end by itself, and no kill. */
export const endedWell = { backend: '0', postgres: '0', redis: '0', influxdb: '0' };

/** The exit codes of the services once all that run have ended. */
export async function exitCodesOf(watch: EventWatch): Promise<Readonly<Record<string, string | undefined>>> {
  const events = await watch.until('die', Object.keys(endedWell));
  const ended = events.filter(({ action }) => action === 'die');
  return Object.fromEntries(ended.map(({ service, exitCode }) => [service, exitCode]));
}
