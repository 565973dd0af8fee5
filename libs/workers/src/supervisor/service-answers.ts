import type { ManagementAnswer, ManagementAnswers } from '@app/metrics';
import type { ManagementProbe, ProbeAnswers } from '../messages.js';

/** What is read of a worker. */
export interface AnsweringWorker {
  readonly stage: 'starting' | 'answering' | 'ready' | 'leaving';
  readonly answers: ProbeAnswers | undefined;
}

const nothing = { phase: 'starting', info: {}, error: {}, details: {} };
const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** For the moments without any worker: one is being started. */
const alive: ManagementAnswer = { status: 200, headers, body: JSON.stringify({ status: 'ok', ...nothing }) };
const starting: ManagementAnswer = {
  status: 503,
  headers: { ...headers, 'retry-after': '2' },
  body: JSON.stringify({ status: 'error', ...nothing }),
};

/** The management port's answers for all workers together, made of what each has told last. */
export class ServiceAnswers implements Omit<ManagementAnswers, 'metrics'> {
  readonly #workers: () => readonly AnsweringWorker[];
  #started: ManagementAnswer | undefined;

  /** @param workers Those that the service consists of now. */
  constructor(workers: () => readonly AnsweringWorker[]) {
    this.#workers = workers;
  }

  /** 200 while a worker lives or is being started: without either the supervisor ends. */
  readonly livez = (): ManagementAnswer => this.#best('livez') ?? alive;

  /** 200 while one of them is ready. */
  readonly readyz = (): ManagementAnswer => this.#best('readyz') ?? starting;

  /** 200 once a worker has served. */
  readonly startupz = (): ManagementAnswer => this.#started ?? this.#best('startupz') ?? starting;

  /** A worker has told something else: the first that says that it has started says so for all. */
  changed(): void {
    const best = this.#best('startupz');
    if (best?.status === 200) this.#started = best;
  }

  /** The answer of one to whom it is 200, or else of the one that is furthest. */
  #best(probe: ManagementProbe): ManagementAnswer | undefined {
    const workers = this.#workers();
    const served = workers.filter(({ stage }) => stage === 'ready' || stage === 'leaving');
    const answers = (served.length > 0 ? served : workers).flatMap((worker) => worker.answers?.[probe] ?? []);
    return answers.find(({ status }) => status === 200) ?? answers[0];
  }
}
