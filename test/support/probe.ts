import { request } from 'node:http';

/** The answer to one probe. */
export interface ProbeAnswer {
  readonly status: number;
  /** When it was asked and how long the answer took, in milliseconds; the former by `performance.now()`. */
  readonly at: number;
  readonly tookMs: number;
}

/** Asks once, on a connection of its own; undefined where nobody listens. */
export function probe(url: string): Promise<ProbeAnswer | undefined> {
  const at = performance.now();
  return new Promise((resolve) => {
    const asked = request(url, { agent: false }, (response) => {
      response.resume().once('end', () => {
        resolve({ status: response.statusCode ?? 0, at, tookMs: performance.now() - at });
      });
    });
    asked.once('error', () => resolve(undefined)).end();
  });
}

/** Probes that go on until they are stopped; for `using`. */
export interface Probing extends Disposable {
  /** Those that were answered so far, by the time they were asked. */
  readonly answers: readonly ProbeAnswer[];
  /** How many found nobody. */
  readonly unanswered: number;
}

/** Probes a URL so many times a second, however long the answers take. */
export function probing(url: string, perSecond: number): Probing {
  const answers: ProbeAnswer[] = [];
  let unanswered = 0;
  const timer = setInterval(() => {
    void probe(url).then((answer) => (answer === undefined ? (unanswered += 1) : answers.push(answer)));
  }, 1_000 / perSecond);
  return {
    answers,
    get unanswered() {
      return unanswered;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
