import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { loadSettings, SettingsError } from '../config/load.js';
import { ClientView, type View } from './client-view.js';

type Headers = Readonly<Record<string, string>>;

const TRUSTED = '10.0.0.0/8,fd00::/8';
const CLIENT = '203.0.113.5';

function viewOf(headers: Headers, peer: string | undefined = '10.0.0.1', trusted = TRUSTED): View {
  const request = { socket: { remoteAddress: peer }, headers: { host: 'inside:3000', ...headers } };
  return new ClientView(loadSettings({ TRUSTED_PROXIES: trusted })).of(
    request as unknown as IncomingMessage,
  );
}

const said = (addresses: string): Headers => ({ 'x-forwarded-for': addresses });

describe('Who asks', () => {
  it.each([
    ['alone', CLIENT, CLIENT],
    ['with a port', `${CLIENT}:1001`, CLIENT],
    ['IPv6', '2001:db8::1', '2001:db8::1'],
    ['IPv6 in brackets', '[2001:db8::1]', '2001:db8::1'],
    ['IPv6 with a port', '[2001:db8::1]:443', '2001:db8::1'],
    ['IPv6 with a zone', '[fe80::1%eth0]:443', 'fe80::1'],
    ['IPv4 in IPv6', `::ffff:${CLIENT}`, CLIENT],
    ['IPv4 in IPv6, in hex', '::ffff:cb00:7105', CLIENT],
    ['IPv4 in IPv6, in hex and at length', '[0:0:0:0:0:FFFF:CB00:7105]:80', CLIENT],
    ['in quotes', `"${CLIENT}"`, CLIENT],
    ['without a blank', `1.1.1.1,${CLIENT}`, CLIENT],
    ['behind what the client claims', `1.1.1.1, 10.0.0.2, ${CLIENT}`, CLIENT],
    ['behind what the client made up', `<script>, unknown, ${CLIENT}:1001`, CLIENT],
    ['before another trusted proxy', `${CLIENT}, 10.0.0.2`, CLIENT],
    ['before another trusted proxy with a port', `${CLIENT}:1001, 10.0.0.2:443`, CLIENT],
    ['before two more trusted proxies', `1.1.1.1, ${CLIENT}, [fd00::7]:80, 10.0.0.2`, CLIENT],
    ['among empty items', `, ${CLIENT}, ,`, CLIENT],
    ['from among the trusted', '10.0.0.9', '10.0.0.9'],
  ])('is who the trusted proxy says, %s [S29] [S53]', (_how, header, expected) => {
    expect(viewOf(said(header)).address).toBe(expected);
  });

  it.each([
    ['is no address', '<script>'],
    ['is hidden', '_hidden'],
    ['is unknown', 'unknown'],
    ['is empty', ''],
    ['is a network', '203.0.113.0/24'],
    ['is no IPv4 address', '203.0.113.500'],
    ['has a port that is none', `${CLIENT}:x`],
    ['has half a bracket', '[2001:db8::1'],
    ['follows an honest one', `${CLIENT}, unknown`],
    ['has a name', 'localhost'],
  ])('is the proxy where what it says %s: nobody knows more [S53]', (_how, header) => {
    expect(viewOf(said(header)).address).toBe('10.0.0.1');
  });

  it('is the last trusted proxy known where what that one says is unreadable [S53]', () => {
    expect(viewOf(said(`${CLIENT}, unknown, 10.0.0.2`)).address).toBe('10.0.0.2');
  });

  it.each([
    ['alone', `for=${CLIENT}`, CLIENT],
    ['with a port', `for="${CLIENT}:1001"`, CLIENT],
    ['with a hidden port', `for="${CLIENT}:_x"`, CLIENT],
    ['with a port, not quoted as it should be', `for=${CLIENT}:1001`, CLIENT],
    ['IPv6', 'for="[2001:db8::1]"', '2001:db8::1'],
    ['IPv6 with a port', 'For="[2001:db8::1]:443"', '2001:db8::1'],
    ['escaped', `for="203.0\\.113.5"`, CLIENT],
    ['among others', `by=10.0.0.1;FOR=${CLIENT};proto=https`, CLIENT],
    ['with blanks', ` for=${CLIENT} ; proto=https `, CLIENT],
    ['behind what the client claims', `for=1.1.1.1, for=10.0.0.2, for=${CLIENT}`, CLIENT],
    ['behind an open quote of the client', `for="1.1.1.1, for=${CLIENT}`, CLIENT],
    ['behind an open quote, in quotes', `for="1.1.1.1, for="${CLIENT}:9"`, CLIENT],
    ['behind an escape of the client', `for="1.1.1.1\\, for="${CLIENT}:9"`, CLIENT],
    ['behind nonsense', `;;=",, for=${CLIENT}`, CLIENT],
    ['before another trusted proxy', `for=1.1.1.1, for=${CLIENT}, for="[fd00::2]:80"`, CLIENT],
    ['with a comma in quotes', `for=${CLIENT};ext="a, for=1.1.1.1"`, CLIENT],
  ])('is whom Forwarded names, %s [S53]', (_how, forwarded, expected) => {
    expect(viewOf({ forwarded }).address).toBe(expected);
  });

  it.each([
    ['hidden', 'for=_hidden'],
    ['unknown', 'for=unknown'],
    ['not said', 'proto=https'],
    ['empty', 'for=""'],
    ['said twice', `for=${CLIENT};for=1.1.1.1`],
    ['not well-formed', `for=${CLIENT} x`],
    ['hidden behind an honest one', `for=${CLIENT}, for=_hidden`],
  ])('is the proxy where Forwarded has it %s [S53]', (_how, forwarded) => {
    expect(viewOf({ forwarded }).address).toBe('10.0.0.1');
  });

  it('is whom X-Forwarded-For names where both are there: a proxy passes the other one on [S53]', () => {
    const headers = { ...said(CLIENT), forwarded: 'for=1.1.1.1;host=evil.test;proto=http' };
    expect(viewOf(headers)).toEqual({ address: CLIENT, host: 'inside:3000', scheme: null });
  });

  it.each([
    ['nobody is trusted', '192.0.2.1', ''],
    ['nobody is trusted, and it is IPv4 in IPv6', '::ffff:192.0.2.1', ''],
    ['the peer is not trusted', '192.0.2.1', TRUSTED],
    ['the peer looks like a trusted one', '100.0.0.1', TRUSTED],
  ])('is the peer, whatever any header says, where %s [S29] [S53]', (_when, peer, trusted) => {
    const told = {
      ...said(CLIENT),
      'x-forwarded-host': 'chat.test',
      'x-forwarded-port': '8443',
      'x-forwarded-proto': 'https',
    };
    const standard = { forwarded: `for=${CLIENT};host=chat.test;proto=https` };
    for (const headers of [told, standard, { ...told, ...standard }]) {
      expect(viewOf(headers, peer, trusted)).toEqual({
        address: peer.replace('::ffff:', ''),
        host: 'inside:3000',
        scheme: null,
      });
    }
  });

  it.each(['::ffff:10.0.0.1', 'fd00::1', 'fd00::1%eth0'])(
    'is seen through a trusted proxy that comes as %s',
    (peer) => {
      expect(viewOf(said(CLIENT), peer).address).toBe(CLIENT);
    },
  );

  it('has no address where the socket is gone already', () => {
    const request = { socket: {}, headers: {} } as IncomingMessage;
    expect(new ClientView(loadSettings({})).of(request).address).toBeNull();
  });
});

describe('What is asked for', () => {
  const two = said(`${CLIENT}, 10.0.0.2`);

  it.each([
    ['the Host header', {}, 'inside:3000', null],
    ['X-Forwarded-Host', { 'x-forwarded-host': 'chat.test:8443' }, 'chat.test:8443', null],
    ['X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }, 'inside:3000', 'https'],
    ['X-Forwarded-Proto in capitals', { 'x-forwarded-proto': 'HTTPS' }, 'inside:3000', 'https'],
    ['that of a socket', { 'x-forwarded-proto': 'wss' }, 'inside:3000', 'https'],
    ['that of a plain socket', { 'x-forwarded-proto': 'ws' }, 'inside:3000', 'http'],
    ['a scheme that is none', { 'x-forwarded-proto': 'gopher' }, 'inside:3000', null],
    [
      'X-Forwarded-Port',
      { 'x-forwarded-host': 'chat.test', 'x-forwarded-port': '8443' },
      'chat.test:8443',
      null,
    ],
    [
      'X-Forwarded-Port for Host',
      { host: 'chat.test', 'x-forwarded-port': '81' },
      'chat.test:81',
      null,
    ],
    [
      'X-Forwarded-Port for an address',
      { host: '[::1]', 'x-forwarded-port': '81' },
      '[::1]:81',
      null,
    ],
    ['the port of the host before the other', { 'x-forwarded-port': '443' }, 'inside:3000', null],
    ['no port that is none', { host: 'chat.test', 'x-forwarded-port': '8x' }, 'chat.test', null],
    [
      'Forwarded',
      { forwarded: 'for=203.0.113.5;host="chat.test:8443";proto=https' },
      'chat.test:8443',
      'https',
    ],
    ['Forwarded without a host', { forwarded: 'proto=http' }, 'inside:3000', 'http'],
    ['the client in vain', { 'x-forwarded-host': 'evil.test, chat.test' }, 'chat.test', null],
    [
      'the client in vain, in Forwarded',
      { forwarded: 'for=1.1.1.1;host=evil.test, for=203.0.113.5;host=chat.test' },
      'chat.test',
      null,
    ],
    ['what is no host', { 'x-forwarded-host': 'chat.test/path' }, null, null],
    ['what hides another', { 'x-forwarded-host': 'chat.test@evil.test' }, null, null],
    ['nothing', { host: '' }, null, null],
  ])('is told by %s [S53]', (_how, headers: Headers, host, scheme) => {
    expect(viewOf(headers)).toMatchObject({ host, scheme });
  });

  it.each([
    [
      'each adds',
      { ...two, 'x-forwarded-host': 'chat.test, inner', 'x-forwarded-proto': 'https, http' },
    ],
    [
      'the outer one says',
      { ...two, 'x-forwarded-host': 'chat.test', 'x-forwarded-proto': 'https' },
    ],
    [
      'each adds to what the client claims',
      {
        ...said(`1.1.1.1, ${CLIENT}, 10.0.0.2`),
        'x-forwarded-host': 'evil.test, chat.test, inner',
        'x-forwarded-proto': 'http, https, http',
      },
    ],
    [
      'each adds to Forwarded',
      {
        forwarded: `for=1.1.1.1;host=evil.test, for=${CLIENT};host=chat.test;proto=https, for=10.0.0.2;host=inner;proto=http`,
      },
    ],
  ])('is what the outermost of several trusted proxies got, where %s [S53]', (_how, headers) => {
    expect(viewOf(headers)).toEqual({ address: CLIENT, host: 'chat.test', scheme: 'https' });
  });

  it('is no more than the last trusted proxy got where the one before is a stranger [S53]', () => {
    const headers = {
      ...said(`${CLIENT}, 198.51.100.7`),
      'x-forwarded-host': 'evil.test, chat.test',
      'x-forwarded-proto': 'http, https',
    };
    expect(viewOf(headers)).toEqual({
      address: '198.51.100.7',
      host: 'chat.test',
      scheme: 'https',
    });
  });
});

describe('TRUSTED_PROXIES', () => {
  it('stops the start where one is no address, and does not tell the value', () => {
    const start = (): unknown => viewOf({}, '192.0.2.1', 'not-an-address');
    expect(start).toThrow(SettingsError);
    expect(start).toThrow(/TRUSTED_PROXIES/);
    expect(start).not.toThrow(/not-an-address/);
  });
});
