// Bun's own publish and subscribe (uWebSockets), as its page on WebSockets shows it.
import { event, userOf } from './event.mjs';

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env.PORT),
  fetch(request, server) {
    const name = new URL(request.url).searchParams.get('name');
    if (server.upgrade(request, { data: { user: userOf(name) } })) return undefined;
    return new Response('this address speaks WebSocket', { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    open(socket) {
      socket.subscribe('lobby');
      socket.subscribe(`@${socket.data.user.username}`);
    },
    message(socket, frame) {
      const { type, to, room, data, ref } = JSON.parse(frame);
      if (type === 15) {
        socket.subscribe(`#${room}`);
        return;
      }
      const message = event(socket.data.user, data);
      if (type === 2 && room !== undefined) {
        server.publish(`#${room}`, JSON.stringify({ ...message, room }));
        return;
      }
      if (type === 2) {
        server.publish('lobby', JSON.stringify(message));
        return;
      }
      server.publish(`@${to}`, JSON.stringify({ ...message, to }));
      socket.send(JSON.stringify({ type: 6, ref, id: message.id, seq: message.seq }));
    },
  },
});
