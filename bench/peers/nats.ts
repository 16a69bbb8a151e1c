import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownEvent } from './event.js';
import { programPath } from './places.js';
import type { Peer } from './peer.js';
import { programVersion } from './version.js';

const SUBJECT = 'lobby';
const GREETING = [
  `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, protocol: 1, lang: 'bench' })}`,
  `SUB ${SUBJECT} 1`,
  'PING',
  '',
].join('\r\n');

/** The ids of subscriptions; the lobby's is 1. */
let subscriptions = 2;

function publication(subject: string, body: string): string {
  return `PUB ${subject} ${Buffer.byteLength(body)}\r\n${body}\r\n`;
}

const configuration = (port: number): string => `
host: 127.0.0.1
port: -1
max_connections: 100000
websocket { host: "127.0.0.1", port: ${port}, no_tls: true, compression: false }
`;

export const nats: Peer = {
  name: 'nats',
  title: 'nats-server',
  missing: () =>
    programPath('nats-server') === null
      ? 'no `nats-server` in PATH: install the package nats-server'
      : null,
  version: () => programVersion(programPath('nats-server'), '--version'),
  command: (port, folder) => {
    const file = join(folder, 'nats.conf');
    writeFileSync(file, configuration(port));
    return { file: programPath('nats-server') ?? 'nats-server', args: ['-c', file] };
  },
  upgrade: () => ({ path: '/' }),
  greet: (frame) => {
    if (frame.startsWith('PONG')) return 'ready';
    return frame.startsWith('INFO') ? { answer: GREETING } : 'wait';
  },
  heartbeat: (frame) => (frame.startsWith('PING') ? 'PONG\r\n' : null),
  joinsMessages: true,
  say: ({ name }, text) => publication(SUBJECT, ownEvent(name, text)),
  rooms: {
    enter: (room) => `SUB room.${room} ${(subscriptions++).toString()}\r\n`,
    say: ({ name }, room, text) => publication(`room.${room}`, ownEvent(name, text)),
  },
};
