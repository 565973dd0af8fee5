import { type Logger, pino } from 'pino';

/** A logger that writes nothing, for tests and for programs that print their own output. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
