import { describe, expect, it } from 'vitest';
import type { ProbeAnswers } from '../messages.js';
import { type AnsweringWorker, ServiceAnswers } from './service-answers.js';

function worker(
  stage: AnsweringWorker['stage'],
  statuses: readonly [number, number, number],
): AnsweringWorker {
  const [livez, readyz, startupz] = statuses.map((status) => ({ status, headers: {}, body: stage }));
  return { stage, answers: { livez, readyz, startupz } as ProbeAnswers };
}

const statuses = (answers: ServiceAnswers): number[] =>
  [answers.livez(), answers.readyz(), answers.startupz()].map(({ status }) => status);

describe('ServiceAnswers', () => {
  it.each<[string, readonly AnsweringWorker[], number[]]>([
    ['nobody lives', [], [200, 503, 503]],
    ['the first one has said nothing yet', [{ stage: 'starting', answers: undefined }], [200, 503, 503]],
    ['the first one starts', [worker('answering', [200, 503, 503])], [200, 503, 503]],
    [
      'one serves and the other starts',
      [worker('answering', [200, 503, 503]), worker('ready', [200, 200, 200])],
      [200, 200, 200],
    ],
    [
      'one of two that serve is not ready',
      [worker('ready', [200, 503, 200]), worker('ready', [200, 200, 200])],
      [200, 200, 200],
    ],
    ['all drain', [worker('leaving', [200, 503, 200]), worker('ready', [200, 503, 200])], [200, 503, 200]],
  ])('while %s', (_, workers, expected) => {
    expect(statuses(new ServiceAnswers(() => workers))).toEqual(expected);
  });

  it('stays started when no worker lives any more', () => {
    let workers: readonly AnsweringWorker[] = [worker('ready', [200, 200, 200])];
    const answers = new ServiceAnswers(() => workers);
    answers.changed();
    workers = [worker('starting', [200, 503, 503])];
    expect(statuses(answers)).toEqual([200, 503, 200]);
  });

  it('says what the worker says', () => {
    const answers = new ServiceAnswers(() => [worker('ready', [200, 503, 200])]);
    expect(answers.readyz()).toEqual({ status: 503, headers: {}, body: 'ready' });
  });
});
