// @ts-check
// A bot that makes a room, brings somebody in, greets whoever comes, and prints what is unread. The store
// folds what the client hears into what an interface would show.
//
//   node examples/room-bot.mjs [http://localhost:3000] [room] [whom to add]
import { ChatClient, ChatStore, keep, RestClient, RoomCalls, TokenSession } from '@parley/client';
import { WebSocket } from 'ws';

const [service = 'http://localhost:3000', room = 'dev', somebody] = process.argv.slice(2);

const rest = new RestClient(service);
const session = new TokenSession(rest, keep(await rest.guest()));
const openSocket = (/** @type {string} */ url) => new WebSocket(url);
const client = new ChatClient({ rest, session, openSocket });
const store = new ChatStore(client);

client.events.on('entry', ({ conversation, frame }) => {
  if (frame.type !== 15 || frame.user.id === client.self.id) return;
  client.send(conversation, `Welcome, ${frame.user.username}!`);
});
store.subscribe((changed) => {
  const state = changed === null ? undefined : store.conversation(changed);
  if (state !== undefined) console.log(`${state.title ?? state.name}: ${state.unread} unread`);
});
// What happens before the connection is there is history: the bot would not hear who comes.
const connected = new Promise((resolve) => client.events.on('current', resolve));
client.connect();
await connected;

await client.ask(async (_, token) => {
  const rooms = new RoomCalls(rest, token);
  await rooms.create({ name: room, title: 'Greetings', kind: 'private', history: 'joined' });
  if (somebody !== undefined) await rooms.put(room, somebody);
});
console.log(`made ${room}`);

process.once('SIGINT', stop).once('SIGTERM', stop);

async function stop() {
  client.disconnect();
  await session.logout();
}
