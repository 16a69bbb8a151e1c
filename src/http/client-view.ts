import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import proxyAddress from 'proxy-addr';
import { SettingsError } from '../config/load.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { type Hop, hopsOf, plainAddress } from './forwarding.js';
import { isHost } from './host.js';

/** A request from the client's side of all proxies. */
export interface View {
  /** The client's IP address; null for a socket that is gone already. */
  readonly address: string | null;
  /** The host and port that the client asked for; null where it is none that there can be. */
  readonly host: string | null;
  /** Null where nobody trusted said it: the service itself cannot see whether a proxy speaks TLS. */
  readonly scheme: 'http' | 'https' | null;
}

/**
 * Says who asks, and for what, whatever stands in between: for limits, origins, pages and logs alike.
 *
 * Headers that proxies write are believed from trusted proxies only, and only as far as they reach:
 * what the outermost of them says counts, and what came to it from outside does not.
 */
@Injectable()
export class ClientView {
  /** Null where no proxy is trusted: then headers of proxies mean nothing. */
  private readonly isTrusted: ((address: string) => boolean) | null;

  /** @throws SettingsError where a trusted proxy is neither an address nor a range */
  constructor(@Inject(SETTINGS) { trustedProxies }: Settings) {
    try {
      const trust = proxyAddress.compile([...trustedProxies]);
      this.isTrusted = trustedProxies.length === 0 ? null : (address) => trust(address, 0);
    } catch {
      throw new SettingsError([
        'TRUSTED_PROXIES: each must be an address or a CIDR range, /0 being none',
      ]);
    }
  }

  /** Whether a trusted proxy is at the other end of a connection. */
  isProxy({ remoteAddress = '' }: Socket): boolean {
    const peer = plainAddress(remoteAddress);
    return peer !== null && this.isTrusted?.(peer) === true;
  }

  of(request: IncomingMessage): View {
    const { headers, socket } = request;
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (peer === null || this.isTrusted?.(peer) !== true) {
      return { address: peer, host: checked(headers.host), scheme: null };
    }
    let address = peer;
    let outermost: Hop | null = null;
    for (const hop of hopsOf(headers)) {
      outermost = hop;
      // From whom it came is hidden, or unreadable: what stands before is nobody's word.
      if (hop.address === null) break;
      address = hop.address;
      if (!this.isTrusted(address)) break;
    }
    const host = checked(outermost?.host ?? headers.host);
    return { address, host, scheme: outermost?.scheme ?? null };
  }
}

function checked(host: string | undefined): string | null {
  return host !== undefined && isHost(host) ? host : null;
}
