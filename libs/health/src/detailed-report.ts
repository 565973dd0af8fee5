import { type Config, secretsOf } from '@app/config';
import {
  type ApplicationTransition,
  type Datastore,
  type DatastoreState,
  type DatastoreTransition,
  type Lifecycle,
  shutdownStages,
} from '@app/lifecycle';
import { type Logger, redactSecrets } from '@app/logging';
import { readinessBody, startupPhaseBody } from './health-body.js';
import { detailedEntry } from './health-entry.js';
import type { HealthRegistry } from './health-registry.js';
import type { HealthSections } from './health-sections.js';
import { rfc3339 } from './rfc3339.js';

export interface DetailedReportSources {
  readonly config: Config;
  readonly lifecycle: Lifecycle;
  readonly datastores: readonly Datastore[];
  readonly registry: HealthRegistry;
  readonly sections: HealthSections;
  /** Build, memory, event loop and overload. */
  readonly process: () => Readonly<Record<string, unknown>>;
  readonly logger: Logger;
}

/** Everything that is known, for the authorized. Messages of drivers are in it, secrets are not. */
export class DetailedReport {
  readonly #sources: DetailedReportSources;
  readonly #scrub: (text: string) => string;

  constructor(sources: DetailedReportSources) {
    this.#sources = sources;
    this.#scrub = redactSecrets(secretsOf(sources.config));
  }

  /** The report of this moment, as JSON. */
  async render(): Promise<string> {
    const { sections, logger } = this.#sources;
    const more = await sections.collect(({ section, error }) =>
      logger.warn({ err: error, section }, 'A section of the detailed health report failed.'),
    );
    return this.#scrub(JSON.stringify({ ...ownSections(this.#sources), ...more }));
  }
}

function ownSections(sources: DetailedReportSources): Readonly<Record<string, unknown>> {
  const { config, lifecycle, registry } = sources;
  const { application, startup, shutdown } = lifecycle;
  const registered = registry.all.filter((indicator) => indicator.critical).map(({ name }) => name);
  const critical = [...config.health.critical, ...registered];
  return {
    ...readinessBody(application.phase, entries(sources), critical),
    critical,
    application: {
      name: config.app.name,
      pid: process.pid,
      uptime: Math.floor(process.uptime()),
      since: rfc3339(application.since),
    },
    startup: { started: startup.started, phases: startup.report().map(startupPhaseBody) },
    shutdown: {
      drainDelayMs: config.lifetime.shutdownDrainDelayMs,
      timeoutMs: config.lifetime.shutdownTimeoutMs,
      steps: Object.fromEntries(
        shutdownStages.map((stage) => [stage, shutdown.of(stage).map((step) => step.name)]),
      ),
    },
    transitions: {
      application: application.history.map(applicationTransition),
      datastores: lifecycle.datastores.history.map(datastoreTransition),
    },
    ...sources.process(),
  };
}

type DetailedEntry = Readonly<Record<string, unknown>> & { readonly status: 'up' | 'degraded' | 'down' };

function entries({ lifecycle, datastores, registry }: DetailedReportSources): Record<string, DetailedEntry> {
  const states = lifecycle.datastores;
  const ofDatastores = states.names.map((name) => {
    const client = datastores.find((datastore) => datastore.name === name);
    const state = states.get(name);
    return [
      name,
      { ...detailedEntry(state), status: state.status, ...(client && { stats: client.stats() }) },
    ] as const;
  });
  const registered = registry.all.map(
    ({ name, state }) => [name, { ...detailedEntry(state.current), status: state.current.status }] as const,
  );
  return Object.fromEntries([...ofDatastores, ...registered]);
}

function applicationTransition({ at, ...transition }: ApplicationTransition): object {
  return { at: rfc3339(at), ...transition };
}

function datastoreTransition({ at, datastore, from, to, lastedMs }: DatastoreTransition): object {
  return { at: rfc3339(at), datastore, from: short(from), to: short(to), lastedMs };
}

function short({ status, reason }: DatastoreState): object {
  return { status, reason: reason ?? null };
}
