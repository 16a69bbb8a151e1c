import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import proxyAddress from 'proxy-addr';
import { SettingsError } from '../config/load.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { type Hop, hopsOf, plainAddress } from './forwarding.js';
import { isHost } from './host.js';

/** A request as the client made it, on the far side of all proxies. */
export interface View {
  /** The client's IP address; null for a socket that has gone. */
  readonly address: string | null;
  /** The host and port that the client asked for; null where they are impossible. */
  readonly host: string | null;
  /** Null where no trusted proxy said it: the service itself cannot see whether one speaks TLS. */
  readonly scheme: 'http' | 'https' | null;
}

/**
 * Tells who asks, and for what, whatever stands in between: for limits, origins, pages and logs
 * alike.
 *
 * Headers of proxies are believed from trusted proxies only, and only as far as the chain of trust
 * reaches: what the outermost trusted proxy says counts, and what it was told from outside does
 * not.
 */
@Injectable()
export class ClientView {
  /** Null where no proxy is trusted: proxies' headers then mean nothing. */
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

  /** Whether a trusted proxy is the peer of a connection. */
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
      // The sender is hidden or unreadable: nobody vouches for what stands before.
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
