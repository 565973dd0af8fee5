import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, startTestApi, type TestApi } from './http.fixture.js';
import { securityHeaders } from './security-headers.js';

const json = { 'content-type': 'application/json' };
const post = (
  url: string,
  payload: string | Buffer,
  headers: Record<string, string> = json,
): InjectOptions => ({
  method: 'POST',
  url,
  payload,
  headers,
});

describe('an application with configureHttp', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.app.close());

  it('answers a request with its id and the security headers', async () => {
    const answer = await api.app.inject({ url: '/api/v1/things/a', headers: { 'x-request-id': 'id-1' } });
    expect({ status: answer.statusCode, body: answer.json<unknown>() }).toEqual({
      status: 200,
      body: { name: 'a' },
    });
    expect(answer.headers).toMatchObject({ ...securityHeaders, 'x-request-id': 'id-1' });
  });

  it('gives an id to a request that has none', async () => {
    const answer = await api.app.inject('/api/v1/things/a');
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('knows the request id while it works for the request, also behind a body', async () => {
    const answer = await api.app.inject(post('/api/v1/echo', '{}', { ...json, 'x-request-id': 'id-2' }));
    expect(answer.json()).toEqual({ body: {}, log: 'id-2' });
  });

  it.each<[string, InjectOptions, number, string, string]>([
    ['an unknown path', { url: '/nothing?key=secret' }, 404, 'not_found', 'No call has this path.'],
    ['an empty parameter', { url: '/api/v1/things//' }, 404, 'not_found', 'No call has this path.'],
    [
      'a wrong method',
      { url: '/api/v1/things/a', method: 'DELETE' },
      405,
      'method_not_allowed',
      'This path does not take DELETE. Use GET or HEAD.',
    ],
    [
      'an Accept header that excludes JSON',
      { url: '/api/v1/things/a', headers: { accept: 'text/html' } },
      406,
      'not_acceptable',
      'This answers with application/json, which the Accept header excludes. Accept application/json.',
    ],
    [
      'an Accept header that excludes an event stream',
      { url: '/api/v1/events', headers: { accept: 'application/json' } },
      406,
      'not_acceptable',
      'This answers with text/event-stream, which the Accept header excludes. Accept text/event-stream.',
    ],
    [
      'a body above the limit',
      post('/api/v1/echo', JSON.stringify('a'.repeat(1000))),
      413,
      'payload_too_large',
      'The body is larger than BODY_LIMIT.',
    ],
    [
      'a form',
      post('/api/v1/echo', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported_media_type',
      'The body is not application/json.',
    ],
    [
      'text',
      post('/api/v1/echo', '{}', { 'content-type': 'text/plain' }),
      415,
      'unsupported_media_type',
      'The body is not application/json.',
    ],
    [
      'a body of no type',
      post('/api/v1/echo', '{}', {}),
      415,
      'unsupported_media_type',
      'The body is not application/json.',
    ],
    [
      'a compressed body',
      post('/api/v1/echo', '{}', { ...json, 'content-encoding': 'gzip' }),
      415,
      'unsupported_media_type',
      'The body has the content encoding gzip, which is not read here.',
    ],
    ['half a body', post('/api/v1/echo', '{"a":'), 400, 'malformed_json', 'The body is not valid JSON'],
    ['an empty body', post('/api/v1/echo', ''), 400, 'malformed_json', 'The body is empty.'],
    [
      'a number that JSON lacks',
      post('/api/v1/echo', '{"a":NaN}'),
      400,
      'malformed_json',
      'The body is not valid JSON',
    ],
    [
      'invalid UTF-8',
      post('/api/v1/echo', Buffer.from([0x22, 0xff, 0xfe, 0x22])),
      400,
      'malformed_json',
      'The body is not valid UTF-8.',
    ],
    [
      'prototype poisoning',
      post('/api/v1/echo', '{"__proto__":{"admin":true}}'),
      400,
      'malformed_json',
      'The body is not valid JSON, or has a key that is not allowed',
    ],
    [
      'prototype poisoning by the constructor',
      post('/api/v1/echo', '{"constructor":{"prototype":{"admin":true}}}'),
      400,
      'malformed_json',
      'The body is not valid JSON, or has a key that is not allowed',
    ],
    [
      'a path with a broken percent-encoding',
      { url: '/api/v1/things/%E0%A4%A' },
      400,
      'malformed_request',
      'The path has a broken percent-encoding.',
    ],
    [
      'a failure of a middleware',
      { url: '/api/v1/behind-middleware' },
      503,
      'overloaded',
      'The middleware lets nobody pass.',
    ],
    [
      'a failure after the reply was taken over',
      { url: '/api/v1/hijacked' },
      500,
      'internal_error',
      'The service could not answer',
    ],
    [
      'a broken body for an unknown path',
      post('/nothing', '{"a":'),
      404,
      'not_found',
      'No call has this path.',
    ],
    [
      'an unexpected failure',
      { url: '/api/v1/unexpected' },
      500,
      'internal_error',
      'The service could not answer',
    ],
  ])('answers %s with a problem', async (_name, request, status, code, detail) => {
    const answer = await api.app.inject(request);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({ ...securityHeaders, 'content-type': 'application/problem+json' });
    expect(answer.json()).toMatchObject({
      type: `/api/docs/errors#${code}`,
      status,
      code,
      detail: expect.stringContaining(detail),
      requestId: answer.headers['x-request-id'],
    });
    expect(answer.body).not.toMatch(/secret|SELECT|10\.0\.0\.1/);
  });

  it('lists the methods of the path in the Allow header of a 405', async () => {
    const answer = await api.app.inject({ url: '/api/v1/things', method: 'PATCH' });
    expect(answer.headers.allow).toBe('POST');
  });

  it('sends an answer to HEAD without its body', async () => {
    const answer = await api.app.inject({ url: '/api/v1/things/a', method: 'HEAD' });
    expect([answer.statusCode, answer.headers['content-length'], answer.body]).toEqual([200, '12', '']);
  });

  it('takes a path with a slash at the end, and a very long parameter', async () => {
    const name = 'a'.repeat(2000);
    const answers = await Promise.all([
      api.app.inject('/api/v1/things/a/'),
      api.app.inject(`/api/v1/things/${name}`),
    ]);
    expect(answers.map((answer) => answer.json<unknown>())).toEqual([{ name: 'a' }, { name }]);
  });

  it('keeps the last of equal keys, and deeply nested JSON is no failure', async () => {
    const deep = `${'['.repeat(400)}${']'.repeat(400)}`;
    const answers = await Promise.all([
      api.app.inject(post('/api/v1/echo', '{"a":1,"a":2}')),
      api.app.inject(post('/api/v1/echo', deep)),
    ]);
    expect(answers.map((answer) => answer.statusCode)).toEqual([201, 201]);
    expect(answers[0].json()).toMatchObject({ body: { a: 2 } });
  });

  it('asks for a token where a route needs a scope', async () => {
    const answer = await api.app.inject(post('/api/v1/things', '{}'));
    expect([answer.statusCode, answer.headers['www-authenticate'], answer.json<unknown>()]).toEqual([
      401,
      'Bearer realm="trading-backend"',
      expect.objectContaining({ code: 'unauthenticated', reason: 'missing' }),
    ]);
  });

  it('refuses a token without the scope', async () => {
    const answer = await api.app.inject(
      post('/api/v1/things', '{}', { ...json, authorization: bearer('read') }),
    );
    expect([answer.statusCode, answer.headers['www-authenticate'], answer.json<unknown>()]).toEqual([
      403,
      'Bearer realm="trading-backend", error="insufficient_scope", error_description="This needs a token of scope write.", scope="write"',
      expect.objectContaining({ code: 'forbidden', scope: 'write' }),
    ]);
  });

  it('lets a token with a greater scope pass', async () => {
    const answer = await api.app.inject(
      post('/api/v1/things', '{"a":1}', { ...json, authorization: bearer('admin') }),
    );
    expect([answer.statusCode, answer.json<unknown>()]).toEqual([201, { body: { a: 1 }, sub: 'tester' }]);
  });
});
