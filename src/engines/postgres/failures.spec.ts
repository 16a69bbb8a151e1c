import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Refusal } from '../../kernel/refusal.js';
import { OutageLog } from '../sql/outage-log.js';
import { TransactionUndone } from '../sql/transact.js';
import { causeOf, mayPass, refuse } from './failures.js';

function said(code: string, but: Partial<pg.DatabaseError> = {}): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('words of a canary', 1, 'error'), { code, ...but });
}

function ofNode(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const log = new OutageLog(silent, 'PostgreSQL');

describe('A failure of PostgreSQL', () => {
  it.each([
    ['a full disk', said('53100')],
    ['a statement that took too long', said('57014')],
    ['a server that takes no changes', said('25006')],
    ['a server that is shutting down', said('57P01')],
    ['a connection that is gone', ofNode('ECONNRESET')],
    ['silence', new Error('Query read timeout')],
  ])('that may pass is retryable: %s', (_what, error) => {
    expect(refuse(error, log)).toEqual(new Refusal('store-unavailable'));
  });

  it('that met another transaction can be tried again here', () => {
    expect(refuse(said('40P01'), log)).toBeInstanceOf(TransactionUndone);
    expect(refuse(said('40001'), log)).toBeInstanceOf(TransactionUndone);
  });

  it.each([said('23503'), said('22021'), said('42P01'), new TypeError('a defect')])(
    'that comes of what was asked is internal: %p',
    (error) => {
      expect(refuse(error, log)).toEqual(new Refusal('internal'));
    },
  );

  it('tells no words that may have come from a client', () => {
    expect(causeOf(said('22021'))).toBe('22021');
    expect(causeOf(said('23505', { constraint: 'events_ref' }))).toBe('23505 at events_ref');
    expect(causeOf(said('57014'))).toContain('words');
  });

  it.each([
    ['a port where nobody listens', ofNode('ECONNREFUSED'), true],
    ['a name that is not known yet', ofNode('ENOTFOUND'), true],
    ['both addresses of a name', new AggregateError([ofNode('ECONNREFUSED')]), true],
    ['a server that is starting', said('57P03'), true],
    ['a server with no connection left', said('53300'), true],
    ['no answer in time', new Error('timeout expired'), true],
    ['inside of another error', new Error('no tables', { cause: said('57P01') }), true],
    ['a wrong password', said('28P01'), false],
    ['a database that is not there', said('3D000'), false],
    ['a certificate of somebody else', ofNode('ERR_TLS_CERT_ALTNAME_INVALID'), false],
    ['a server without TLS', new Error('The server does not support SSL connections'), false],
    ['a migration that fails', new Error('no tables', { cause: said('42601') }), false],
  ])('at the start is waited for or not: %s', (_what, error, passes) => {
    expect(mayPass(error)).toBe(passes);
  });
});
