import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest announces each module and route at the level of what users log as `log`; operators want neither. */
const frameworkContexts = new Set([
  'NestFactory',
  'NestApplication',
  'NestApplicationContext',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
  'NestMicroservice',
]);

/** Nest's logger on pino: the context is kept as a field, and Nest's own announcements come at `trace`. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    const { context } = split(rest);
    this.#write(frameworkContexts.has(context ?? '') ? 'trace' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  #write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const { context, others } = split(rest);
    const stack = others.find((value) => typeof value === 'string' && value.includes('\n    at '));
    const err = [message, ...others].find((value) => value instanceof Error);
    const fields = {
      ...(context === undefined ? {} : { context }),
      ...(err === undefined ? {} : { err }),
      ...(stack === undefined ? {} : { stack }),
    };
    if (typeof message === 'string') this.#logger[level](fields, message);
    else if (message instanceof Error) this.#logger[level](fields, message.message);
    else this.#logger[level]({ ...fields, data: message });
  }
}

/** Nest gives the context as the last of the optional parameters. */
function split(rest: unknown[]): { context?: string; others: unknown[] } {
  const last = rest.at(-1);
  if (typeof last !== 'string' || last.includes('\n')) return { others: rest };
  return { context: last, others: rest.slice(0, -1) };
}
