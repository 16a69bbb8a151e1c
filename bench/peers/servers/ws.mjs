// A plain loop over ws's clients, as the README of ws shows it. `ENCODE=once` encodes a message
// once for everybody; otherwise once per client.
import { WebSocket, WebSocketServer } from 'ws';
import { event, userOf } from './event.mjs';

const isEncodedOnce = process.env.ENCODE === 'once';
const people = new Map();
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.env.PORT) });

server.on('connection', (socket, request) => {
  const user = userOf(new URL(request.url, 'ws://localhost').searchParams.get('name'));
  people.set(user.username, socket);
  socket.on('error', () => socket.terminate());
  socket.on('close', () => people.delete(user.username));
  socket.on('message', (frame) => {
    const { type, to, data, ref } = JSON.parse(frame);
    if (type === 2) broadcast(event(user, data));
    if (type === 3) whisper(socket, people.get(to), { ...event(user, data), to }, ref);
  });
});

function broadcast(message) {
  const frame = isEncodedOnce ? Buffer.from(JSON.stringify(message)) : null;
  for (const client of server.clients) {
    if (client.readyState !== WebSocket.OPEN) continue;
    client.send(frame ?? JSON.stringify(message), { binary: false });
  }
}

function whisper(author, reader, message, ref) {
  reader?.send(JSON.stringify(message));
  author.send(JSON.stringify({ type: 6, ref, id: message.id, seq: message.seq }));
}
