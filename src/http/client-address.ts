import type { IncomingMessage } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { ClientView } from './client-view.js';
import { plainAddress } from './forwarding.js';

const UNKNOWN = 'unknown';
const GROUPS = 8;
const GROUPS_OF_A_SUBSCRIBER = 4;

/** Says where a request comes from, as limits count it. */
@Injectable()
export class ClientAddress {
  constructor(private readonly views: ClientView) {}

  /**
   * The IPv4 address, or the /64 network of an IPv6 address, which is the least that one subscriber
   * gets. The client's, not that of trusted proxies.
   */
  of(request: IncomingMessage): string {
    return counted(this.views.of(request).address);
  }

  /** The same for a connection's peer; null where that is a trusted proxy. */
  ofPeer(socket: Socket): string | null {
    if (this.views.isProxy(socket)) return null;
    return counted(plainAddress(socket.remoteAddress ?? ''));
  }
}

function counted(address: string | null): string {
  if (address === null) return UNKNOWN;
  return isIPv6(address) ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const front = groupsOf(head);
  const back = groupsOf(tail ?? '');
  const zeros = Math.max(0, GROUPS - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  const network = groups.slice(0, GROUPS_OF_A_SUBSCRIBER);
  return `${network.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

function groupsOf(part: string): readonly string[] {
  // A trailing IPv4 address stands for two groups, which are never among the first four.
  return part === '' ? [] : part.replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').split(':');
}
