import { QueryFailedError } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { connectionFailureReason, postgresFailureReason } from './failure-reason.js';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

/** What needs a server that cannot be had here, or a moment that cannot be met: the rest is tried with a real one. */
const failures = [
  [coded('57P03', 'the database system is starting up'), 'starting_up'],
  [coded('57P03', 'the database system is shutting down'), 'refused'],
  [coded('57P01', 'terminating connection due to administrator command'), 'refused'],
  [coded('53200', 'out of memory'), 'out_of_memory'],
  [coded('08P01', 'no more connections allowed (max_client_conn)'), 'too_many_connections'],
  [coded('08P01', 'no such database: trading'), 'missing_database'],
  [coded('08P01', 'database "trading" does not exist'), 'missing_database'],
  [coded('08P01', 'no such user: app'), 'authentication'],
  [coded('08P01', 'SASL authentication failed'), 'authentication'],
  [coded('08P01', 'query_wait_timeout'), 'timeout'],
  [coded('08P01', 'server login has been failing, try again later (server_login_retry)'), 'refused'],
  [coded('08P01', 'server conn crashed?'), 'refused'],
  [coded('08P01', 'invalid message format'), 'protocol'],
  [new Error('timeout exceeded when trying to connect'), 'timeout'],
  [new Error('Client has encountered a connection error and is not queryable'), 'refused'],
  [new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'authentication'],
  [new QueryFailedError('SELECT 1', [], new Error('Connection terminated unexpectedly')), 'refused'],
  [new QueryFailedError('SELECT 1', [], coded('ECONNRESET')), 'refused'],
] as const;

describe('connectionFailureReason', () => {
  it.each(failures)('reads %s', (error, reason) => {
    expect(connectionFailureReason(error)).toBe(reason);
  });

  it.each([
    ['a unique violation', new QueryFailedError('INSERT', [], coded('23505'))],
    ['a cancelled statement', coded('57014', 'canceling statement due to user request')],
    ['a text that a function raised', coded('P0001', 'Connection terminated')],
    ['an error of the program', new TypeError('x is undefined')],
    ['no error', undefined],
  ])('finds no failure of the server in %s', (_, error) => {
    expect(connectionFailureReason(error)).toBeUndefined();
  });
});

describe('postgresFailureReason', () => {
  it.each([
    [coded('28P01'), 'authentication'],
    [coded('42501', 'permission denied'), 'server_error'],
    [coded('EPERM'), 'unknown'],
    [new Error('x'), 'unknown'],
  ])('gives %s a reason in any case', (error, reason) => {
    expect(postgresFailureReason(error)).toBe(reason);
  });
});
