import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6, type Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import proxyAddress from 'proxy-addr';
import { SettingsError } from '../config/load.js';
import { SETTINGS, type Settings } from '../config/settings.js';

const UNKNOWN = 'unknown';
const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const GROUPS_OF_A_SUBSCRIBER = 4;

/** Says from where a request comes, as limits count it. */
@Injectable()
export class ClientAddress {
  /** Null where no proxy is trusted: then it is the socket's, whatever the headers say. */
  private readonly trust: ((address: string, distance: number) => boolean) | null;

  /** @throws SettingsError where a trusted proxy is neither an address nor a range */
  constructor(@Inject(SETTINGS) settings: Settings) {
    try {
      const { trustedProxies } = settings;
      this.trust = trustedProxies.length === 0 ? null : proxyAddress.compile([...trustedProxies]);
    } catch {
      throw new SettingsError(['TRUSTED_PROXIES: each must be an address or a CIDR range']);
    }
  }

  /**
   * The IPv4 address, or the /64 network of an IPv6 address, which is the least that one subscriber
   * gets. X-Forwarded-For is believed from trusted proxies only, and only as far as they reach.
   */
  of(request: IncomingMessage): string {
    return counted(this.claimed(request) ?? request.socket.remoteAddress);
  }

  /** The same of who is at the other end of a connection; null where that is a trusted proxy. */
  ofPeer({ remoteAddress }: Socket): string | null {
    if (remoteAddress !== undefined && this.trust?.(remoteAddress, 0) === true) return null;
    return counted(remoteAddress);
  }

  private claimed(request: IncomingMessage): string | undefined {
    if (this.trust === null) return undefined;
    const claimed = proxyAddress(request, this.trust);
    return isIP(claimed) === 0 ? undefined : claimed;
  }
}

function counted(address: string | undefined): string {
  // A socket that is gone already has no address.
  if (address === undefined) return UNKNOWN;
  const plain = IPV4_IN_IPV6.exec(address)?.[1] ?? address;
  return isIPv6(plain) ? networkOf(plain) : plain;
}

function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const front = groupsOf(head);
  const back = groupsOf(tail ?? '');
  const zeros = Math.max(0, GROUPS - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  const network = groups.slice(0, GROUPS_OF_A_SUBSCRIBER);
  return `${network.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

function groupsOf(part: string): readonly string[] {
  // An IPv4 address at the end stands for two groups, which are never among the first four.
  return part === '' ? [] : part.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split(':');
}
