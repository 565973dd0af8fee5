import { describe, expect, it } from 'vitest';
import { type Answer, readAnswer } from './tick-answer.js';

const answer = (status: number, body: unknown, retryAfter?: string): Answer =>
  readAnswer(
    status,
    new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    typeof body === 'string' ? body : JSON.stringify(body),
  );

describe('readAnswer', () => {
  it('reads what was taken and what was rejected', () => {
    const rejected = [{ index: 0, code: 'invalid_price', detail: 'No.' }];
    expect(answer(202, { accepted: 2, rejected })).toEqual({ kind: 'taken', accepted: 2, rejected });
  });

  it.each<[string, Answer, Answer]>([
    ['a 503', answer(503, { code: 'x', detail: 'Y.' }), { kind: 'wait', why: 'The API answers 503 x: Y.' }],
    ['a page of a proxy', answer(502, '<html>'), { kind: 'wait', why: 'The API answers 502.' }],
    ['a 408', answer(408, {}), { kind: 'wait', why: 'The API answers 408.' }],
    ['seconds', answer(503, {}, '3'), { kind: 'wait', why: 'The API answers 503.', retryAfterMs: 3000 }],
    ['no time', answer(429, {}, '0'), { kind: 'wait', why: 'The API answers 429.', retryAfterMs: 100 }],
    ['a day', answer(503, {}, '86400'), { kind: 'wait', why: 'The API answers 503.', retryAfterMs: 300_000 }],
    [
      'a date that is past',
      answer(503, {}, 'Wed, 21 Oct 2015 07:28:00 GMT'),
      { kind: 'wait', why: 'The API answers 503.', retryAfterMs: 100 },
    ],
    ['nonsense', answer(503, {}, 'soon'), { kind: 'wait', why: 'The API answers 503.' }],
  ])('waits after %s', (_name, found, expected) => {
    expect(found).toEqual(expected);
  });

  it.each<[string, Answer]>([
    ['a 404', answer(404, 'Not found')],
    ['a 202 of something else', answer(202, { id: 1 })],
    ['a 202 that is no JSON', answer(202, 'OK')],
    ['a 200', answer(200, { accepted: 1, rejected: [] })],
  ])('takes %s for a refusal', (_name, found) => {
    expect(found).toEqual({
      kind: 'refused',
      why: expect.stringMatching(/^The API answers \d+\.$/),
      advice: 'Look whether --url is the address of this API.',
    });
  });
});
