import type { Lifecycle } from '@app/lifecycle';
import { aliveBody, type Critical, readinessBody, startupBody } from './health-body.js';
import { datastoreEntries, type HealthEntries } from './health-entry.js';

/** A whole answer, which any server can write. Header names are in lower case. */
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, which Node writes in one piece with the headers; bytes would be a second piece. */
  readonly body: string;
}

export interface HealthAnswersOptions {
  readonly name: string;
  readonly version: string;
  readonly critical: Critical;
  /** HEALTH_CHECK_INTERVAL in milliseconds: how soon it is worth asking again. */
  readonly intervalMs: number;
  /** The age of the process in seconds. */
  readonly uptime?: () => number;
}

export const healthPrefix = '/api/v1/health';

/**
 * The public health answers, from before Nest is loaded until the end. Readiness is serialised when something has
 * changed; a request for it is given the text.
 */
export class HealthAnswers {
  /** The headers of every answer, by status. */
  readonly headers: Readonly<Record<200 | 503, Readonly<Record<string, string>>>>;
  readonly #lifecycle: Lifecycle;
  readonly #options: HealthAnswersOptions;
  readonly #byPath: ReadonlyMap<string, () => HealthAnswer>;
  readonly #unsubscribe: () => void;
  #critical: Critical;
  #entries: HealthEntries;
  #beforeRead: (() => void) | undefined;
  #readiness: HealthAnswer;
  #liveness: HealthAnswer;

  constructor(lifecycle: Lifecycle, options: HealthAnswersOptions) {
    this.#lifecycle = lifecycle;
    this.#options = options;
    this.headers = answerHeaders(options.intervalMs);
    this.#byPath = withAndWithoutSlash({
      [healthPrefix]: () => this.health(),
      [`${healthPrefix}/liveness`]: () => this.liveness(),
      [`${healthPrefix}/readiness`]: () => this.readiness(),
      [`${healthPrefix}/startup`]: () => this.startup(),
    });
    this.#critical = options.critical;
    this.#entries = datastoreEntries(lifecycle.datastores);
    this.#readiness = this.#readinessNow();
    this.#liveness = this.#alive();
    this.#unsubscribe = lifecycle.datastores.onUpdate(() =>
      this.publish(datastoreEntries(lifecycle.datastores)),
    );
    lifecycle.application.onTransition(() => {
      this.#readiness = this.#readinessNow();
      this.#liveness = this.#alive();
    });
  }

  /** The answer to a path, with or without a slash at the end; undefined for one that is not answered here. */
  at(path: string): HealthAnswer | undefined {
    return this.#byPath.get(path)?.();
  }

  /** Name, version and age of the service. */
  health(): HealthAnswer {
    const { name, version, uptime = () => process.uptime() } = this.#options;
    const body = {
      ...aliveBody(this.#lifecycle.application.phase),
      name,
      version,
      uptime: Math.floor(uptime()),
    };
    return this.#answer(200, body);
  }

  /** 200 in every phase: whoever can answer is alive. */
  liveness(): HealthAnswer {
    return this.#liveness;
  }

  readiness(): HealthAnswer {
    this.#beforeRead?.();
    return this.#readiness;
  }

  startup(): HealthAnswer {
    const { application, startup } = this.#lifecycle;
    return this.#answer(startup.started ? 200 : 503, startupBody(application.phase, startup));
  }

  /**
   * From now on the entries come by `publish` alone. `beforeRead` is called before each readiness answer and must do
   * next to nothing.
   */
  takeOver(beforeRead: () => void): void {
    this.#unsubscribe();
    this.#beforeRead = beforeRead;
  }

  /** Something has changed in what is checked. */
  publish(entries: HealthEntries, critical: Critical = this.#critical): void {
    this.#entries = entries;
    this.#critical = critical;
    this.#readiness = this.#readinessNow();
  }

  #alive(): HealthAnswer {
    return this.#answer(200, aliveBody(this.#lifecycle.application.phase));
  }

  #readinessNow(): HealthAnswer {
    const body = readinessBody(this.#lifecycle.application.phase, this.#entries, this.#critical);
    return this.#answer(body.status === 'ok' || body.status === 'degraded' ? 200 : 503, body);
  }

  #answer(status: 200 | 503, body: object): HealthAnswer {
    return { status, headers: this.headers[status], body: JSON.stringify(body) };
  }
}

function withAndWithoutSlash<Value>(paths: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(
    Object.entries(paths).flatMap(([path, value]) => [
      [path, value],
      [`${path}/`, value],
    ]),
  );
}

function answerHeaders(intervalMs: number): Record<200 | 503, Record<string, string>> {
  const always = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  const retryAfter = String(Math.max(1, Math.ceil(intervalMs / 1000)));
  return { 200: always, 503: { ...always, 'retry-after': retryAfter } };
}
