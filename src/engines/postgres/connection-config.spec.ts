import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../config/load.js';
import { addressOf, connectionConfig, isRemote } from './connection-config.js';

const { database } = loadSettings({});

describe('The configuration of a connection', () => {
  it('takes its parts from the URL, decoded', () => {
    expect(
      connectionConfig('postgres://al%69ce:p%40ss%2F@db:5433/chat%20room', database),
    ).toMatchObject({
      host: 'db',
      port: 5433,
      user: 'alice',
      password: 'p@ss/',
      database: 'chat room',
      ssl: false,
    });
  });

  it.each([
    ['postgres://db/parley', 'db:5432', true],
    ['postgres://u:secret@127.0.0.1:6000/parley', '127.0.0.1:6000', false],
    ['postgres://[::1]/parley', '[::1]:5432', false],
    ['postgres:///parley', 'localhost:5432', false],
    ['postgres:///parley?host=/run/postgresql', '/run/postgresql', false],
  ])('tells where %s is, and whether that is over a network', (url, address, remote) => {
    expect([addressOf(url), isRemote(url)]).toEqual([address, remote]);
  });

  it('names the file of certificates that cannot be read', () => {
    const missing = { ...database, sslMode: 'verify-full', caFile: '/nowhere/ca.pem' } as const;
    expect(() => connectionConfig('postgres://db/parley', missing)).toThrow(
      'DATABASE_CA_FILE: cannot be read (ENOENT)',
    );
  });
});
