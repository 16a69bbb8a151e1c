import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { Opcode } from './frames.js';
import type { HttpHead, Wire } from './wire.js';

/** An upgrade request, to be sent as it is. */
export interface UpgradeRequest {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A request with which nothing is wrong. */
export function upgradeRequest(token: string): UpgradeRequest {
  return {
    method: 'GET',
    target: '/chat?resume=1',
    version: 'HTTP/1.1',
    headers: [
      ['Host', 'chat.example.org'],
      ['Upgrade', 'websocket'],
      ['Connection', 'Upgrade'],
      ['Sec-WebSocket-Key', KEY],
      ['Sec-WebSocket-Version', '13'],
      ['Authorization', `Bearer ${token}`],
    ],
  };
}

export function requestText({ method, target, version, headers }: UpgradeRequest): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target} ${version}`, ...lines, '', ''].join('\r\n');
}

/** Checks an answer that says yes, as a client must (RFC 6455, 4.1). */
export function expectSwitch(head: HttpHead, protocol?: string): void {
  const accept = createHash('sha1').update(`${KEY}${GUID}`).digest('base64');
  expect(head.status).toBe(101);
  expect(head.headers.get('sec-websocket-accept')).toEqual([accept]);
  expect(head.headers.get('upgrade')).toEqual(['websocket']);
  expect(head.headers.get('connection')).toEqual(['Upgrade']);
  expect(head.headers.get('sec-websocket-extensions')).toBeUndefined();
  expect(head.headers.get('sec-websocket-protocol')).toEqual(protocol && [protocol]);
}

/** Waits for the welcome, which must be the first frame. */
export async function expectWelcome(wire: Wire): Promise<void> {
  const first = await wire.frame();
  expect(first?.opcode).toBe(Opcode.Text);
  expect(JSON.parse(first?.payload.toString() ?? '')).toMatchObject({ type: 2, user: null });
}

/** A connection that was welcomed. */
export async function enterByHand(wire: Wire, token: string): Promise<void> {
  wire.write(requestText(upgradeRequest(token)));
  expectSwitch(await wire.head());
  await expectWelcome(wire);
}
