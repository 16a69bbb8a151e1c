// The smallest client: enters as a guest, prints what is said in the lobby, says what is typed.
//
//   node examples/native-client.mjs [http://localhost:3000]
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

const service = process.argv[2] ?? 'http://localhost:3000';

const answer = await fetch(`${service}/auth/guest`, { method: 'POST' });
if (!answer.ok) throw new Error(`the service answered ${answer.status}`);
const { access_token: token } = await answer.json();

const socket = new WebSocket(`${service.replace('http', 'ws')}/chat`, {
  headers: { authorization: `Bearer ${token}` },
});
socket.on('message', (text) => {
  const { type, user, data } = JSON.parse(String(text));
  if (type === 2) console.log(`${user?.username ?? '*'}: ${data}`);
});
await once(socket, 'open');

for await (const line of createInterface({ input: process.stdin })) {
  socket.send(JSON.stringify({ type: 2, data: line }));
}
socket.close();
