import type { Config } from '@app/config';
import { type Lifecycle, type PreflightFinding, type StartupPhase, until } from '@app/lifecycle';
import { PreflightError, StartupTimeoutError } from './bootstrap.errors.js';
import { criticalDatastoresUp } from './critical-datastores.js';
import { firstVerdicts } from './first-verdicts.js';
import { initDatabaseProbe, initStatusProbe, type InitProbe, waitForInit } from './init-wait.js';

/** What the start must know of the application behind the front door. */
export interface StartingApplication {
  /** The names of the migrations that this build needs. */
  readonly knownMigrations: readonly string[];
  /** The names of the migrations that the database has; throws a DatastoreError. */
  appliedMigrations(signal: AbortSignal): Promise<readonly string[]>;
}

export interface StartupParticipants {
  readonly config: Pick<Config, 'health' | 'lifetime'>;
  readonly lifecycle: Lifecycle;
  load(): Promise<StartingApplication>;
  warn(finding: PreflightFinding): void;
}

/**
 * Takes the start from a valid environment to serving: waits for the init job, then for the critical datastores and,
 * for a moment, for the first look at the others, runs the preflight checks and serves. Throws StartupTimeoutError,
 * InitFailedError or PreflightError, or the reason of the signal when the process is told to end first.
 */
export async function startUp(participants: StartupParticipants, signal: AbortSignal): Promise<void> {
  const { config, lifecycle } = participants;
  const { startup } = lifecycle;
  const startedAt = performance.now();
  const expired = AbortSignal.timeout(config.lifetime.startupTimeoutMs);
  const either = AbortSignal.any([signal, expired]);
  const phase = async (name: StartupPhase, work: () => Promise<void>): Promise<void> => {
    try {
      await startup.run(name, work);
    } catch (error) {
      if (!expired.aborted || signal.aborted) throw error;
      const waiting = startup.report().find((report) => report.name === name)?.waitingFor ?? [];
      throw new StartupTimeoutError(performance.now() - startedAt, waiting);
    }
  };

  await phase('wait_for_init', async () => {
    const application = await until(participants.load(), either);
    const probe = initProbe(config.lifetime, application);
    if (probe === undefined) return;
    await waitForInit(probe, either, (what) => startup.waitingFor('wait_for_init', what));
  });
  await phase('preflight', async () => {
    const { datastores } = lifecycle;
    const { critical, timeoutMs } = config.health;
    const others = datastores.names.filter((name) => !critical.includes(name));
    const verdicts = firstVerdicts(datastores, others, timeoutMs, either);
    await criticalDatastoresUp(datastores, critical, either, (what) => startup.waitingFor('preflight', what));
    const checks = await until(
      Promise.all(lifecycle.preflight.all.map((check) => check.run(either))),
      either,
    );
    const findings = checks.flat();
    const errors = findings.filter((finding) => finding.severity === 'error');
    for (const finding of findings) if (finding.severity === 'warning') participants.warn(finding);
    if (errors.length > 0) throw new PreflightError(errors);
    startup.waitingFor(
      'preflight',
      verdicts.pending().map((name) => `${name} (pending)`),
    );
    await verdicts.settled;
  });
  signal.throwIfAborted();
  await startup.run('serve', () => lifecycle.application.enter('serving', 'started'));
}

function initProbe(lifetime: Config['lifetime'], application: StartingApplication): InitProbe | undefined {
  const known = application.knownMigrations;
  switch (lifetime.initWait) {
    case 'file':
      return initStatusProbe(lifetime.initStatusFile, known);
    case 'database':
      return initDatabaseProbe((signal) => application.appliedMigrations(signal), known);
    case 'none':
      return undefined;
  }
}
