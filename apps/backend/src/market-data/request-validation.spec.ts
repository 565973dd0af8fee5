import { AppError, coreErrors } from '@app/errors';
import type { ArgumentMetadata } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { candlesQuery } from './candles.requests.js';
import { instrumentChangesBody, instrumentListQuery, newInstrumentBody } from './instruments.requests.js';
import { symbolsQuery } from './quotes.requests.js';
import { requestValidation } from './request-validation.js';
import { ticksOf } from './ticks.request.js';

/** What a handler gets for a value, or the mistakes that the answer lists. */
async function validated(schema: NonNullable<ArgumentMetadata['schema']>, value: unknown): Promise<unknown> {
  return requestValidation.transform(value, { type: 'query', schema }).catch(mistakes);
}

function mistakes(error: unknown): unknown {
  if (!(error instanceof AppError)) throw error;
  expect(error.code).toBe(coreErrors.validation_failed.code);
  return error.data;
}

const wrong = (field: string, detail: string) => ({ errors: [{ field, detail }] });

describe('requestValidation', () => {
  it('lists every mistake with its field', async () => {
    const error = await requestValidation
      .transform({ limit: 'x', more: '1' }, { type: 'query', schema: instrumentListQuery })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'validation_failed',
      detail: 'The request is wrong: limit must be a number; more is not allowed.',
      data: {
        errors: [
          { field: 'limit', detail: 'limit must be a number' },
          { field: 'more', detail: 'more is not allowed' },
        ],
      },
    });
  });

  it('shows no more than a reader can use of a request that is all wrong', async () => {
    const body = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`${'x'.repeat(10_000)}${index}`, 1]),
    );
    const error = await requestValidation
      .transform({ ...body, name: 'x' }, { type: 'body', schema: instrumentChangesBody })
      .catch((thrown: unknown) => thrown as AppError);
    if (!(error instanceof AppError)) throw new Error('The body was taken.');
    expect(error.detail).toMatch(/; and 980 more mistakes\.$/);
    expect(JSON.stringify(error.data).length).toBeLessThan(20_000);
  });

  it.each([undefined, null, 7, 'text', [[]]])('refuses the body %j', async (body) => {
    for (const schema of [newInstrumentBody, instrumentChangesBody]) {
      expect(await validated(schema, body)).toEqual({
        errors: [{ detail: expect.stringMatching(/^the body (is required|must be of type object)$/) }],
      });
    }
  });
});

describe('instrumentListQuery', () => {
  it.each([
    [{}, { limit: 100 }],
    [
      { limit: '1000', status: 'halted', cursor: 'QQ' },
      { limit: 1000, status: 'halted', cursor: 'QQ' },
    ],
    [{ limit: '0' }, wrong('limit', 'limit must be greater than or equal to 1')],
    [{ limit: '1001' }, wrong('limit', 'limit must be less than or equal to 1000')],
    [{ limit: '1.5' }, wrong('limit', 'limit must be an integer')],
    [{ limit: ['1', '2'] }, wrong('limit', 'limit must be a number')],
    [{ status: 'gone' }, wrong('status', 'status must be one of [active, halted]')],
    [{ cursor: '' }, wrong('cursor', 'cursor is not allowed to be empty')],
  ])('reads %j', async (query, expected) => {
    expect(await validated(instrumentListQuery, query)).toEqual(expected);
  });
});

describe('symbolsQuery', () => {
  const refusal = wrong(
    'symbols',
    'symbols must be 1 to 100 symbols with commas between them, such as "EUR-USD,USD-JPY"',
  );
  const many = (count: number) => Array.from({ length: count }, (_, index) => `S${index}`);

  it.each([
    [{ symbols: 'A' }, { symbols: ['A'] }],
    [{ symbols: 'B, A,B' }, { symbols: ['B', 'A'] }],
    [{ symbols: many(100).join(',') }, { symbols: many(100) }],
    [{ symbols: many(101).join(',') }, refusal],
    [{ symbols: 'A,,B' }, refusal],
    [{ symbols: ',' }, refusal],
    [{}, wrong('symbols', 'symbols is required')],
    [{ symbols: ['A', 'B'] }, wrong('symbols', 'symbols must be a string')],
  ])('reads %j', async (query, expected) => {
    expect(await validated(symbolsQuery, query)).toEqual(expected);
  });
});

describe('candlesQuery', () => {
  const noTimestamp = (field: string) =>
    wrong(
      field,
      `${field} must be a timestamp of RFC 3339 such as "2026-11-24T08:00:00Z" (a plus sign as %2B)`,
    );

  it.each([
    [{}, { interval: '1m', limit: 1000 }],
    [
      {
        interval: '1h',
        from: '2017-04-19T09:00:00Z',
        to: '2017-04-20T00:00:00.5+02:00',
        limit: '5000',
        cursor: 'x',
      },
      {
        interval: '1h',
        from: '2017-04-19T09:00:00Z',
        to: '2017-04-20T00:00:00.5+02:00',
        limit: 5000,
        cursor: 'x',
      },
    ],
    [{ limit: '5001' }, wrong('limit', 'limit must be less than or equal to 5000')],
    [{ from: 'yesterday' }, noTimestamp('from')],
    [{ to: '2017-04-20T00:00:00 02:00' }, noTimestamp('to')],
    [
      { interval: '2m' },
      wrong('interval', 'interval must be one of [1s, 5s, 15s, 30s, 1m, 5m, 15m, 30m, 1h, 4h, 1d]'),
    ],
  ])('reads %j', async (query, expected) => {
    expect(await validated(candlesQuery, query)).toEqual(expected);
  });
});

describe('ticksOf', () => {
  it('gives the trades as they came', () => {
    expect(ticksOf({ ticks: [null, { symbol: 'A' }] })).toEqual([null, { symbol: 'A' }]);
  });

  it.each([
    [undefined, { errors: [{ detail: 'the body must be an object {"ticks": […]}' }] }],
    [[], { errors: [{ detail: 'the body must be an object {"ticks": […]}' }] }],
    [{}, wrong('ticks', 'ticks must be an array')],
    [{ ticks: {} }, wrong('ticks', 'ticks must be an array')],
    [{ ticks: [], more: 1 }, wrong('more', 'more is not allowed')],
  ])('refuses %j', (body, expected) => {
    let refused: unknown;
    try {
      ticksOf(body);
    } catch (error) {
      refused = mistakes(error);
    }
    expect(refused).toEqual(expected);
  });
});
