import type { DatastoreStatus } from './datastore-status.js';
import type { DbStatus } from './db-status.js';
import type { MigrationStatus } from './migration-status.js';

/** The status for a terminal. */
export function renderDbStatus(status: DbStatus): string {
  const verdict = status.ok
    ? ['A backend can start.']
    : ['A backend cannot start:', ...status.problems.map((problem) => `- ${problem}`)];
  return [
    row('db-init', initText(status.init)),
    row('migrations', migrationsText(status.migrations)),
    ...status.datastores.map((datastore) => row(datastore.name, datastoreText(datastore))),
    '',
    ...verdict,
  ].join('\n');
}

function row(name: string, text: string): string {
  return `${name.padEnd(12)}${text}`;
}

function initText({ status, file, wait }: DbStatus['init']): string {
  if (status === undefined) return `no status in ${file} (INIT_WAIT is ${wait})`;
  const since = status.finishedAt ?? status.startedAt;
  return `${status.state} ${since}${status.error === undefined ? '' : `: ${status.error}`}`;
}

function migrationsText({ known, applied, newer }: MigrationStatus): string {
  if (applied === undefined) return `unknown of ${String(known.length)}`;
  const own = known.filter((name) => applied.includes(name)).length;
  const more = newer.length === 0 ? '' : `, and ${String(newer.length)} of a newer build`;
  return `${String(own)} of ${String(known.length)} applied${more}`;
}

function datastoreText({ status, version, latencyMs, facts, reason, advice }: DatastoreStatus): string {
  const known = Object.entries(facts ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  return [
    reason === undefined ? status : `${status} (${reason})`,
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(latencyMs === undefined ? [] : [`${String(latencyMs)} ms`]),
    ...known,
    ...(advice === undefined ? [] : [advice]),
  ].join(', ');
}
