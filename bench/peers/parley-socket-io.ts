import { parley } from './parley.js';
import type { Peer } from './peer.js';
import { answerPing, OPENING, Packet } from './socket-io.js';

const WELCOME = `${Packet.event}["2",{"user":null`;

/** Pages and exports are the same for all clients, and measured once. */
const { archive: _archive, rooms, ...service } = parley;

/** The same service, with Socket.IO's protocol. */
export const parleySocketIo: Peer = {
  ...service,
  name: 'parley-socket.io',
  title: 'Parley by Socket.IO',
  upgrade: () => OPENING,
  greet: (frame, { token }) => {
    if (frame.startsWith(WELCOME)) return 'ready';
    return frame.startsWith(Packet.open)
      ? { answer: Packet.connect + JSON.stringify({ token }) }
      : 'wait';
  },
  heartbeat: answerPing,
  sparesAuthor: true,
  say: (_author, data, ref) => Packet.event + JSON.stringify(['2', { data, ref }]),
  rooms: {
    ...rooms,
    say: (_author, room, data, ref) => Packet.event + JSON.stringify(['2', { room, data, ref }]),
  },
  whisper: (to, data, ref) => Packet.event + JSON.stringify(['3', { to: to.name, data, ref }]),
};
