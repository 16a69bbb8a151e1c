import { describe, expect, it, jest } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { loadSettings } from '../../config/load.js';
import { ClientView } from '../../http/client-view.js';
import { Refusal } from '../../kernel/refusal.js';
import { OriginPolicy } from './origin-policy.js';
import { HandClock } from '../../../test/support/hand-clock.js';

type Headers = Readonly<Record<string, string | undefined>>;

const clock = new HandClock();
const settings = loadSettings({
  ALLOWED_ORIGINS: 'https://chat.example.org,capacitor://localhost,https://*.wild.example',
  TRUSTED_PROXIES: '10.0.0.0/8',
});
const policy = new OriginPolicy(new ClientView(settings), clock, settings);

function requestWith(headers: Headers, peer: string): IncomingMessage {
  return { headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage;
}

function letsIn(headers: Headers, peer = '192.0.2.1'): boolean {
  try {
    policy.check(requestWith(headers, peer));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ code: 'foreign-origin' });
    return false;
  }
}

const PROXY = '10.0.0.1';

describe('The origin policy', () => {
  it.each([
    ['no origin at all: not a browser', undefined],
    ["the service's own page", 'http://localhost:3000'],
    ["the service's own page behind TLS", 'https://localhost:3000'],
    ['an allowed page', 'https://chat.example.org'],
    ['an allowed app', 'capacitor://localhost'],
    ['a page below an allowed domain', 'https://a.wild.example'],
  ])('lets in %s [S1]', (_case, origin) => {
    expect(letsIn({ host: 'localhost:3000', origin })).toBe(true);
  });

  it.each([
    'null',
    '',
    'https://evil.example',
    'http://chat.example.org',
    'https://chat.example.org.evil.example',
    'https://chat.example.org:444',
    'https://chat.example.org/',
    'https://chat.example.org@evil.example',
    'http://localhost:3001',
    'http://localhost:3000.evil.example',
    'HTTP://LOCALHOST:3000',
    'http://localhost:3000/',
    'ftp://localhost:3000',
    'ws://localhost:3000',
    'capacitor://localhost:3000',
    'localhost:3000',
    '//localhost:3000',
    'https://wild.example',
    'file://',
    'javascript:alert(1)',
  ])('keeps out %j [S1]', (origin) => {
    expect(letsIn({ host: 'localhost:3000', origin })).toBe(false);
  });

  it.each([
    ['the default port, left out', { host: 'chat.test', origin: 'https://chat.test' }],
    ['the default port, said', { host: 'chat.test:443', origin: 'https://chat.test' }],
    ['the default port of http, said', { host: 'chat.test:80', origin: 'http://chat.test' }],
    ['another port', { host: 'chat.test:8443', origin: 'https://chat.test:8443' }],
    ['another spelling of the host', { host: 'CHAT.test', origin: 'https://chat.test' }],
    ['an address', { host: '[::1]:8080', origin: 'http://[::1]:8080' }],
    ['a longer address', { host: '[0:0::1]:8080', origin: 'http://[::1]:8080' }],
    ['a dot at the end', { host: 'chat.test.', origin: 'https://chat.test.' }],
  ])('knows its own page by host and port: %s [S53]', (_case, headers) => {
    expect(letsIn(headers)).toBe(true);
  });

  it.each([
    ['no port where the page has one', { host: 'chat.test', origin: 'https://chat.test:8443' }],
    ['a port where the page has none', { host: 'chat.test:8443', origin: 'https://chat.test' }],
    ['the default port of the other scheme', { host: 'chat.test:443', origin: 'http://chat.test' }],
    ['a part of it', { host: 'chat.test', origin: 'https://test' }],
    ['a host below it', { host: 'chat.test', origin: 'https://evil.chat.test' }],
    ['no host', { origin: 'https://chat.test' }],
    ['an empty host', { host: '', origin: 'https://chat.test' }],
    ['a host that hides another', { host: 'x@chat.test', origin: 'https://chat.test' }],
    ['a host with a path', { host: 'chat.test/x', origin: 'https://chat.test' }],
    ['two hosts', { host: 'evil.test,chat.test', origin: 'https://chat.test' }],
    ['a port out of range', { host: 'chat.test:70000', origin: 'https://chat.test:70000' }],
  ])('takes for a foreign page what differs: %s [S53]', (_case, headers) => {
    expect(letsIn(headers)).toBe(false);
  });

  const PAGE = { host: 'inside:3000', origin: 'https://chat.test:8443' };

  it.each([
    ['the host', { 'x-forwarded-host': 'chat.test:8443' }],
    [
      'the host and the port apart',
      { 'x-forwarded-host': 'chat.test', 'x-forwarded-port': '8443' },
    ],
    ['the scheme as well', { 'x-forwarded-host': 'chat.test:8443', 'x-forwarded-proto': 'https' }],
    [
      'the scheme of a socket',
      { 'x-forwarded-host': 'chat.test:8443', 'x-forwarded-proto': 'wss' },
    ],
    [
      'http, TLS being before it',
      { 'x-forwarded-host': 'chat.test:8443', 'x-forwarded-proto': 'http' },
    ],
    ['all in one header', { forwarded: 'for=192.0.2.9;host="chat.test:8443";proto=https' }],
    ['all in one header, less strictly', { forwarded: 'Host=chat.test:8443; Proto=HTTPS' }],
  ])('knows its own page where a trusted proxy says %s [S53]', (_case, told) => {
    expect(letsIn({ ...PAGE, ...told }, PROXY)).toBe(true);
    // The very same headers from somebody else.
    expect(letsIn({ ...PAGE, ...told }, '192.0.2.1')).toBe(false);
  });

  it.each([
    ['a page over http', { 'x-forwarded-proto': 'https' }, 'http://chat.test'],
    ['a page over http, by a socket', { 'x-forwarded-proto': 'wss' }, 'http://chat.test'],
    ['the other port', { 'x-forwarded-port': '8443' }, 'https://chat.test'],
    ['a page over ftp', { 'x-forwarded-proto': 'ftp' }, 'ftp://chat.test'],
    ['another host', { 'x-forwarded-host': 'other.test' }, 'https://chat.test'],
    ['a host that is none', { 'x-forwarded-host': 'x y' }, 'https://chat.test'],
    ['another host, in one header', { forwarded: 'host=other.test' }, 'https://chat.test'],
  ])(
    'takes for a foreign page what a trusted proxy says is one: %s [S53]',
    (_case, told, origin) => {
      expect(letsIn({ host: 'chat.test', origin, ...told }, PROXY)).toBe(false);
    },
  );
});

describe('A refused origin', () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  const refuse = (origin: string): void => {
    expect(letsIn({ host: 'chat.test', origin, authorization: 'Bearer secret' })).toBe(false);
  };

  it('leaves a line with both sides of the comparison, ten seconds apart, that counts the others', () => {
    clock.time += 60_000;
    warn.mockClear();
    for (let i = 0; i < 50; i++) refuse('https://chat.test:8443');
    clock.time += 9_999;
    refuse('https://chat.test:8443');
    clock.time += 1;
    refuse(`https://${'x'.repeat(5_000)}`);

    expect(warn.mock.calls).toEqual([
      [
        {
          event: 'origin-refused',
          origin: 'https://chat.test:8443',
          own: ['https://chat.test', 'http://chat.test'],
          allowed: 3,
          untold: expect.any(Number),
        },
      ],
      [expect.objectContaining({ origin: `https://${'x'.repeat(192)}`, untold: 50 })],
    ]);
  });
});
