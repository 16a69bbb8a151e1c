// Socket.IO over WebSocket only, with what its page on performance tuning recommends.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { event, userOf } from './event.mjs';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

io.engine.on('connection', (connection) => {
  connection.request = null;
});

io.on('connection', (socket) => {
  const user = userOf(socket.handshake.auth.name);
  socket.join(user.username);
  socket.on('say', ({ data }) => io.emit('say', event(user, data)));
  socket.on('enter', (room) => socket.join(room));
  socket.on('speak', ({ room, data }) => io.to(room).emit('say', { ...event(user, data), room }));
  socket.on('whisper', ({ to, data, ref }, acknowledge) => {
    const message = { ...event(user, data), to };
    io.to(to).emit('whisper', message);
    acknowledge({ ref, id: message.id, seq: message.seq });
  });
});

http.listen(Number(process.env.PORT), '127.0.0.1');
