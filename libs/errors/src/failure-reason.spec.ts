import { describe, expect, it } from 'vitest';
import { networkFailureReason } from './failure-reason.js';

const coded = (code: string, cause?: unknown): Error =>
  Object.assign(new Error('it failed', cause === undefined ? {} : { cause }), { code });

describe('networkFailureReason', () => {
  it.each([
    ['a name that does not resolve', coded('ENOTFOUND'), 'dns'],
    ['a resolver that does not answer', coded('EAI_AGAIN'), 'dns'],
    ['a closed port', coded('ECONNREFUSED'), 'refused'],
    ['a connection reset', coded('ECONNRESET'), 'refused'],
    ['a socket file that is not there', coded('ENOENT'), 'refused'],
    ['a host that is silent', coded('ETIMEDOUT'), 'timeout'],
    ['an aborted request', new DOMException('over', 'AbortError'), 'timeout'],
    ['a deadline', new DOMException('over', 'TimeoutError'), 'timeout'],
    ['a certificate of nobody', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
    ['a certificate of another host', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
    ['TLS where none is spoken', coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'tls'],
    ['a cause', coded('OTHER', coded('ECONNREFUSED')), 'refused'],
    ['several addresses', new AggregateError([coded('ECONNREFUSED'), coded('ETIMEDOUT')]), 'refused'],
    ['what only the datastore can explain', coded('28P01'), undefined],
    ['what is no error', 'refused', undefined],
  ])('sees %s', (_name, error, reason) => {
    expect(networkFailureReason(error)).toBe(reason);
  });
});
