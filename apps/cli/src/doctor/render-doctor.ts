import type { Finding } from '@app/config';
import { adviceOf } from '@app/workers';
import type { CapacityReport, CapacityRow } from '@app/workers/nest';
import { counted } from '../configuration-report.js';
import type { DbStatus } from '../db-status/db-status.js';
import type { DoctorReport } from './doctor-report.js';
import { renderTable, wrapped } from './text-table.js';

const columns = 100;
const indent = ' '.repeat(9);

/** Something that is not as it should be, in words. */
interface Remark {
  readonly label: string;
  readonly text: string;
}

/** The report for a terminal of 100 columns: one table, what is to be said of its rows, and the verdict. */
export function renderDoctor(report: DoctorReport): string {
  const { configuration, status, capacity } = report;
  const table = renderTable(
    ['left', 'right', 'right', 'left'],
    [
      ['check', 'need', 'have', 'verdict'],
      ['configuration', '', '', configurationVerdict(report)],
      ...(status === null ? [] : statusRows(status)),
      ...(capacity === null ? [] : capacity.rows.map((row) => capacityRow(row))),
    ],
  );
  const remarks = [
    ...configuration.mistakes.map((finding) => ({ label: 'mistake', text: findingText(finding) })),
    ...configuration.warnings.map((finding) => ({ label: 'warning', text: findingText(finding) })),
    ...(status?.problems ?? []).map((text) => ({ label: 'missing', text })),
    ...(capacity === null ? [] : capacityRemarks(capacity)),
  ];
  const sections = [
    table,
    remarks.flatMap((remark) => renderRemark(remark)),
    wrapped(verdictOf(report), columns, ''),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function configurationVerdict({ configuration: { mistakes, warnings } }: DoctorReport): string {
  if (mistakes.length > 0) return counted(mistakes.length, 'mistake');
  return warnings.length > 0 ? `can work, ${counted(warnings.length, 'warning')}` : 'can work';
}

function statusRows({ init, migrations, datastores }: DbStatus): readonly (readonly string[])[] {
  const { known, applied, missing } = migrations;
  const own = applied && known.filter((name) => applied.includes(name)).length;
  return [
    ['db-init', '', '', init.status?.state ?? `no status (INIT_WAIT=${init.wait})`],
    [
      'migrations',
      String(known.length),
      own === undefined ? '' : String(own),
      own === undefined ? 'unknown' : missing.length > 0 ? 'missing' : 'applied',
    ],
    ...datastores.map(({ name, status, reason, version, latencyMs }) => [
      name,
      '',
      '',
      [
        reason === undefined ? status : `${status} (${reason})`,
        ...(version === undefined ? [] : [`version ${version}`]),
        ...(latencyMs === undefined ? [] : [`${String(latencyMs)} ms`]),
      ].join(', '),
    ]),
  ];
}

function capacityRow({ resource, need, have, unit, verdict }: CapacityRow): readonly string[] {
  const amount = (value: number): string => (unit === 'MB' ? `${String(value)} MB` : String(value));
  const nothing = verdict === 'unknown' ? '' : 'no bound';
  return [nameOf(resource), amount(need), have === null ? nothing : amount(have), verdict];
}

/** As `postgres connections`. */
const nameOf = (resource: CapacityRow['resource']): string => resource.replaceAll('_', ' ');

function capacityRemarks({ rows, notes }: CapacityReport): readonly Remark[] {
  return [
    ...rows
      .filter(({ verdict }) => verdict !== 'fits')
      .map(({ verdict, detail, remedies }) => ({
        label: verdict,
        text: remedies.length === 0 ? detail : `${detail} ${adviceOf(remedies)}`,
      })),
    ...notes.map((text) => ({ label: 'note', text })),
  ];
}

function findingText({ variable, problem, suggestion, example, source }: Finding): string {
  return [
    `${variable}: ${problem}.`,
    ...(suggestion === undefined ? [] : [`Did you mean ${suggestion}?`]),
    ...(example === undefined ? [] : [`Example: ${example}`]),
    ...(source === undefined ? [] : [`(found in ${source})`]),
  ].join(' ');
}

function renderRemark({ label, text }: Remark): readonly string[] {
  const [first = '', ...rest] = wrapped(text, columns, indent);
  return [label.padEnd(indent.length) + first.trimStart(), ...rest];
}

function verdictOf(report: DoctorReport): string {
  const { configuration, status, capacity } = report;
  if (capacity === null) return 'A backend cannot start: correct the configuration.';
  const { workers, heapMb } = capacity;
  const heap =
    heapMb === null
      ? ', whose heap V8 chooses'
      : ` with a heap of ${String(heapMb)} MB${workers === 1 ? '' : ' each'}`;
  const start = `A start makes ${counted(workers, 'worker')}${heap}`;
  if (capacity.verdict === 'never') {
    const mode = configuration.config?.['CAPACITY_CHECK'];
    return mode === 'enforce'
      ? `${start}, and is refused: they can never fit.`
      : `${start}. They can never fit, though CAPACITY_CHECK=${String(mode)} lets them start.`;
  }
  if (status?.ok === false) return `${start}, but not now: something is missing.`;
  return capacity.verdict === 'tight'
    ? `${start}. A backend can start, but may run short when everything comes together.`
    : `${start}. A backend can start.`;
}
