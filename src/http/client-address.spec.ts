import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { loadSettings } from '../config/load.js';
import { ClientAddress } from './client-address.js';
import { ClientView } from './client-view.js';

function addressOf(peer: string | undefined, forwarded?: string): string {
  const request = {
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  };
  const settings = loadSettings({ TRUSTED_PROXIES: '10.0.0.0/8' });
  return new ClientAddress(new ClientView(settings)).of(request as unknown as IncomingMessage);
}

describe('ClientAddress', () => {
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
  ])('counts %s as %s, whether it comes itself or by a proxy [S29]', (client, expected) => {
    expect(addressOf(client)).toBe(expected);
    expect(addressOf('10.0.0.1', client)).toBe(expected);
  });

  it('has a name for a peer that is gone already', () => {
    expect(addressOf(undefined)).toBe('unknown');
  });
});
