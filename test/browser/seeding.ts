import { ChatClient, keep, LOBBY, RestClient, TokenSession } from '@parley/client';
import { WebSocket } from 'ws';
import type { Service } from '../support/service.js';

/** A guest says `count` things in the lobby: `name 1`, `name 2`, … Resolves when all are stored. */
export async function seed(service: Service, name: string, count: number): Promise<void> {
  const rest = new RestClient(service.url);
  const session = new TokenSession(rest, keep(await rest.guest(name)));
  const client = new ChatClient({
    rest,
    session,
    openSocket: (url) => new WebSocket(url),
    inFlight: 100,
  });
  const stored = new Promise<void>((resolve) => {
    let said = 0;
    client.events.on('message', ({ frame }) => {
      if (frame.user.id === client.self.id) said += 1;
      if (said === count) resolve();
    });
  });
  client.connect();
  for (let i = 1; i <= count; i++) {
    while (client.send(LOBBY, `${name} ${i}`) === null) await drained(client);
  }
  await stored;
  client.disconnect();
  session.stop();
}

function drained(client: ChatClient): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.events.on('outbox', (entries) => {
      if (entries.length > 500) return;
      stop();
      resolve();
    });
  });
}
