import type { Upgrade } from '../peers/peer.js';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

export function upgradeRequest({ path, headers = {} }: Upgrade, port: number): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${KEY}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The status of an answer whose first line has arrived. */
export function upgradeStatus(answer: Buffer): number {
  return Number(answer.toString('latin1', 9, 12));
}
