import { formatDuration } from '../duration.js';
import { crossCheck, type CrossCheck } from './cross-check.js';

/** Rules about the process: its servers, its start and its end. */
export const processRules: readonly CrossCheck[] = [
  crossCheck({
    severity: 'mistake',
    rule: '`DEBUG` is false in production.',
    variables: ['DEBUG'],
    find: ({ DEBUG: debug }, environment) =>
      environment === 'production' &&
      debug && { problem: 'is true, but must be false where NODE_ENV is production', example: 'DEBUG=false' },
  }),
  crossCheck({
    severity: 'mistake',
    rule: '`MANAGEMENT_PORT` differs from `PORT`, unless both are 0.',
    variables: ['MANAGEMENT_PORT', 'PORT'],
    find: ({ MANAGEMENT_PORT: management, PORT: port }) =>
      management === port &&
      port !== 0 && {
        problem: `is ${port}, the same as PORT; the two servers need a port each`,
        example: `MANAGEMENT_PORT=${port === 65535 ? port - 1 : port + 1}`,
      },
  }),
  crossCheck({
    severity: 'mistake',
    rule: '`INIT_WAIT=database` needs `postgres` in `HEALTH_CRITICAL`.',
    variables: ['INIT_WAIT', 'HEALTH_CRITICAL'],
    find: ({ INIT_WAIT: wait, HEALTH_CRITICAL: critical }) =>
      wait === 'database' &&
      !critical.includes('postgres') && {
        problem: 'is database, which needs postgres in HEALTH_CRITICAL',
        example: `HEALTH_CRITICAL=${['postgres', ...critical].join(',')}`,
      },
  }),
  crossCheck({
    severity: 'mistake',
    rule: '`SHUTDOWN_DRAIN_DELAY` is shorter than `SHUTDOWN_TIMEOUT`, which includes it.',
    variables: ['SHUTDOWN_DRAIN_DELAY', 'SHUTDOWN_TIMEOUT'],
    find: ({ SHUTDOWN_DRAIN_DELAY: delay, SHUTDOWN_TIMEOUT: timeout }) =>
      delay >= timeout && {
        problem: `is ${formatDuration(delay)}, but must be shorter than SHUTDOWN_TIMEOUT (${formatDuration(timeout)}), which includes it`,
        example: `SHUTDOWN_DRAIN_DELAY=${formatDuration(Math.floor(timeout / 5))}`,
      },
  }),
  crossCheck({
    severity: 'warning',
    rule: '`SHUTDOWN_TIMEOUT` leaves at least `REQUEST_TIMEOUT` after `SHUTDOWN_DRAIN_DELAY`.',
    variables: ['SHUTDOWN_TIMEOUT', 'SHUTDOWN_DRAIN_DELAY', 'REQUEST_TIMEOUT'],
    find: ({ SHUTDOWN_TIMEOUT: timeout, SHUTDOWN_DRAIN_DELAY: delay, REQUEST_TIMEOUT: request }) => {
      const rest = timeout - delay;
      return (
        rest > 0 &&
        rest < request && {
          problem: `leaves ${formatDuration(rest)} after SHUTDOWN_DRAIN_DELAY, less than REQUEST_TIMEOUT (${formatDuration(request)}): slow requests would be cut off`,
          example: `SHUTDOWN_TIMEOUT=${formatDuration(delay + request)}`,
        }
      );
    },
  }),
];
