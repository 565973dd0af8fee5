import { needing } from './answers.js';
import { faults } from './faults.js';
import { routes } from './load.js';
import type { AnyCell } from './play.js';
import { bounds, checksFor, shutdownTimeoutMs } from './settings.js';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** A cell as a row of the table. */
export function cellName(cell: AnyCell): string {
  const columns = [cell.target, faults[cell.fault].title, cell.phase, ...expectations(cell)];
  return columns.join(' | ');
}

function expectations(cell: AnyCell): readonly string[] {
  if (cell.phase === 'shutting down') {
    const { exit, because } = cell.expected;
    return [`ends with ${String(exit)} in ${seconds(shutdownTimeoutMs(cell.fault))}: ${because}`];
  }
  const { target, phase, fault } = cell;
  const critical = target !== 'influxdb';
  const { health } = cell.expected;
  const refusing = needing(target).join(', ');
  const serving = routes.filter((route) => !needing(target).includes(route)).join(', ');
  const back =
    phase === 'starting' ? `serves ${seconds(bounds.serve)} later` : `up ${seconds(bounds.up)} later`;
  switch (health.says) {
    case 'up':
      return ['stays up, readiness 200', `${refusing} answer late, ${serving} as usual`];
    case 'recovers':
      return ['any state for a moment', `${refusing} 503 at most`, back];
    case 'down': {
      const said = `down (${health.reason}) in ${seconds(bounds.down(checksFor(fault)))}`;
      const readiness = critical ? 'readiness 503' : 'readiness 200 (degraded)';
      if (phase === 'starting' && critical) return [`${said}, ${readiness}`, 'all routes 503', back];
      return [`${said}, ${readiness}`, `${refusing} 503, ${serving} answer`, back];
    }
  }
}
