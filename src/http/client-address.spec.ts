import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { loadSettings, SettingsError } from '../config/load.js';
import { ClientAddress } from './client-address.js';

function addressOf(trusted: string, peer: string | undefined, forwarded?: string): string {
  const request = {
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  };
  return new ClientAddress(loadSettings({ TRUSTED_PROXIES: trusted })).of(
    request as unknown as IncomingMessage,
  );
}

describe('ClientAddress', () => {
  it.each([
    ['nobody is trusted', '', '192.0.2.1', '10.0.0.1', '192.0.2.1'],
    ['the peer is not trusted', '10.0.0.0/8', '192.0.2.1', '203.0.113.5', '192.0.2.1'],
    ['the peer is trusted', '10.0.0.0/8', '10.1.2.3', '203.0.113.5', '203.0.113.5'],
    ['a client claims more', '10.0.0.0/8', '10.1.2.3', '1.1.1.1, 203.0.113.5', '203.0.113.5'],
    ['there are two proxies', '10.0.0.0/8', '10.0.0.1', '203.0.113.5, 10.0.0.2', '203.0.113.5'],
    ['the claim is no address', '10.0.0.0/8', '10.0.0.1', '<script>', '10.0.0.1'],
    ['there is no claim', '10.0.0.0/8', '10.0.0.1', undefined, '10.0.0.1'],
    ['a trusted range is IPv6', 'fd00::/8', 'fd00::1', '203.0.113.5', '203.0.113.5'],
    ['IPv4 comes as IPv6', '10.0.0.0/8', '::ffff:10.0.0.1', '203.0.113.5', '203.0.113.5'],
  ])(
    'believes no further than it may where %s [S29]',
    (_when, trusted, peer, forwarded, expected) => {
      expect(addressOf(trusted, peer, forwarded)).toBe(expected);
    },
  );

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('counts %s as %s', (peer, expected) => {
    expect(addressOf('', peer)).toBe(expected);
  });

  it('has a name for a peer that is gone already', () => {
    expect(addressOf('', undefined)).toBe('unknown');
  });

  it('stops the start where a proxy is no address, and does not tell the value', () => {
    expect(() => addressOf('not-an-address', '192.0.2.1')).toThrow(SettingsError);
    expect(() => addressOf('not-an-address', '192.0.2.1')).toThrow(/TRUSTED_PROXIES/);
    expect(() => addressOf('not-an-address', '192.0.2.1')).not.toThrow(/not-an-address/);
  });
});
