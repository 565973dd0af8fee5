import type { ApplicationPhase, StartupPhaseReport, StartupTimeline } from '@app/lifecycle';
import type { HealthEntries, HealthEntry } from './health-entry.js';
import { rfc3339 } from './rfc3339.js';

export type HealthStatus = 'ok' | 'degraded' | 'error' | 'shutting_down';
export type HealthPhase = Exclude<ApplicationPhase, 'stopped'>;

/** The shape that all health bodies share; it is Terminus's with the phase added. */
export interface HealthBody<Entry = HealthEntry> {
  readonly status: HealthStatus;
  readonly phase: HealthPhase;
  /** The entries that are up or degraded. */
  readonly info: Readonly<Record<string, Entry>>;
  /** The entries that are down. */
  readonly error: Readonly<Record<string, Entry>>;
  readonly details: Readonly<Record<string, Entry>>;
}

export interface StartupPhaseBody {
  readonly name: string;
  readonly status: StartupPhaseReport['status'];
  readonly startedAt: string | null;
  readonly durationMs: number | null;
}

export interface StartupBody extends HealthBody {
  readonly phases: readonly StartupPhaseBody[];
  /** What the start waits for, as `postgres (refused)`. */
  readonly waitingFor: readonly string[];
}

/** The names that readiness does not do without. */
export type Critical = readonly string[];

const phaseShown = (phase: ApplicationPhase): HealthPhase => (phase === 'stopped' ? 'draining' : phase);

/** Whether the service takes requests: not by what works alone, but also by the phase that it is in. */
export function readinessStatus(
  phase: ApplicationPhase,
  entries: Readonly<Record<string, { readonly status: HealthEntry['status'] }>>,
  critical: Critical,
): HealthStatus {
  if (phase === 'draining' || phase === 'stopped') return 'shutting_down';
  if (phase !== 'serving' || critical.some((name) => entries[name]?.status === 'down')) return 'error';
  return Object.values(entries).every((entry) => entry.status === 'up') ? 'ok' : 'degraded';
}

/** The body of readiness, and with fuller entries that of `detailed`. */
export function readinessBody<Entry extends { readonly status: HealthEntry['status'] }>(
  phase: ApplicationPhase,
  entries: Readonly<Record<string, Entry>>,
  critical: Critical,
): HealthBody<Entry> {
  const only = (down: boolean): Record<string, Entry> =>
    Object.fromEntries(Object.entries(entries).filter(([, entry]) => (entry.status === 'down') === down));
  return {
    status: readinessStatus(phase, entries, critical),
    phase: phaseShown(phase),
    info: only(false),
    error: only(true),
    details: entries,
  };
}

const noEntries: HealthEntries = {};

/** The body of an answer that no datastore has a part in. */
export function aliveBody(phase: ApplicationPhase): HealthBody {
  return { status: 'ok', phase: phaseShown(phase), info: noEntries, error: noEntries, details: noEntries };
}

export function startupBody(phase: ApplicationPhase, startup: StartupTimeline): StartupBody {
  const reports = startup.report();
  return {
    ...aliveBody(phase),
    status: startup.started ? 'ok' : 'error',
    phases: reports.map(startupPhaseBody),
    waitingFor: reports.flatMap((report) => report.waitingFor ?? []),
  };
}

export function startupPhaseBody({
  name,
  status,
  startedAt,
  durationMs,
}: StartupPhaseReport): StartupPhaseBody {
  return { name, status, startedAt: rfc3339(startedAt), durationMs: durationMs ?? null };
}
