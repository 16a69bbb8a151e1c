import { serverPath } from './places.js';
import type { Peer } from './peer.js';
import { packageVersion } from './version.js';

/** The prefixes of Engine.IO and Socket.IO packets. */
export const Packet = { open: '0', ping: '2', pong: '3', connect: '40', event: '42' } as const;
const ANY_ACK_ID = '1';

/** A connection over WebSocket only. */
export const OPENING = { path: '/socket.io/?EIO=4&transport=websocket' } as const;

/** Engine.IO pings with packets of its own. */
export function answerPing(frame: string): string | null {
  return frame === Packet.ping ? Packet.pong : null;
}

export const socketIo: Peer = {
  name: 'socket.io',
  title: 'Socket.IO',
  missing: () => null,
  version: () => packageVersion('socket.io'),
  command: () => ({ file: process.execPath, args: [serverPath('socket-io.mjs')] }),
  upgrade: () => OPENING,
  greet: (frame, { name }) => {
    if (frame.startsWith(Packet.connect)) return 'ready';
    return frame.startsWith(Packet.open)
      ? { answer: Packet.connect + JSON.stringify({ name }) }
      : 'wait';
  },
  heartbeat: answerPing,
  say: (_author, data, ref) => Packet.event + JSON.stringify(['say', { data, ref }]),
  rooms: {
    enter: (room) => Packet.event + JSON.stringify(['enter', room]),
    say: (_author, room, data, ref) =>
      Packet.event + JSON.stringify(['speak', { room, data, ref }]),
  },
  whisper: (to, data, ref) =>
    Packet.event + ANY_ACK_ID + JSON.stringify(['whisper', { to: to.name, data, ref }]),
};
