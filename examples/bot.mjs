// @ts-check
// A bot that throws dice for whoever says `!roll`, in the lobby or in private. The client reconnects,
// catches up and sends again by itself: a bot is what remains.
//
//   node examples/bot.mjs [http://localhost:3000] [name]
import { ChatClient, keep, RestClient, TokenSession } from '@parley/client';
import { randomInt } from 'node:crypto';
import { WebSocket } from 'ws';

const [service = 'http://localhost:3000', name = 'dice'] = process.argv.slice(2);

const rest = new RestClient(service);
const session = new TokenSession(rest, keep(await rest.guest(name)));
const openSocket = (/** @type {string} */ url) => new WebSocket(url);
const client = new ChatClient({ rest, session, openSocket });

client.events.on('message', ({ conversation, frame }) => {
  const { user: author, data: text } = frame;
  if (author.id === client.self.id || text.trim() !== '!roll') return;
  client.send(conversation, `${author.username} rolled ${randomInt(1, 7)}`);
});
client.events.on('state', ({ name }) => console.log(name));
client.connect();

process.once('SIGINT', stop).once('SIGTERM', stop);

async function stop() {
  client.disconnect();
  await session.logout();
}
