import { describe, expect, it } from '@jest/globals';
import { ChatClient, FileCalls, keep, LOBBY, RestClient, TokenSession } from '@parley/client';
import { WebSocket } from 'ws';
import { startApp } from '../../support/app.js';
import { guest, join, type Tokens } from '../../support/people.js';
import { startProxy } from '../../support/tcp-proxy.js';
import { numbered } from './files.js';

const fileOf = (bytes: Buffer, name = 'notes.txt') =>
  new File([bytes], name, { type: 'text/plain' });

describe('A client that sends files', () => {
  it('sends one in pieces, tells how far it is, and gives it to a message', async () => {
    const place = await startApp();
    const ann = await guest(place, 'ann');
    const ben = await guest(place, 'ben');
    const listener = await join(place, ben);
    const rest = new RestClient(place.url);
    const client = new ChatClient({
      rest,
      session: new TokenSession(rest, keep({ ...ann, token_type: 'Bearer' })),
      openSocket: (url) => new WebSocket(url),
    });
    client.connect();
    const progress: number[] = [];
    const bytes = numbered(250_000);
    const attachment = await client.ask((calls, token) =>
      new FileCalls(calls, token).upload(fileOf(bytes), {
        pieceBytes: 100_000,
        onProgress: (sent) => progress.push(sent),
      }),
    );
    expect(progress).toEqual([100_000, 200_000, 250_000]);
    client.send(LOBBY, '', { attachments: [attachment] });
    const isIt = (one: { attachments?: readonly { id: string }[] }) =>
      one.attachments?.[0]?.id === attachment.id;
    await listener.next(isIt);
    const calls = new FileCalls(rest, ben.access_token);
    expect(Buffer.from(await (await calls.open(attachment.id)).arrayBuffer()).equals(bytes)).toBe(
      true,
    );
    expect(calls.url(attachment.id)).toBe(`${place.url}/attachments/${attachment.id}`);
    client.disconnect();
  });

  it('goes on by itself where the line is cut', async () => {
    const place = await startApp();
    const ann = await guest(place, 'ann');
    const proxy = await startProxy(Number(new URL(place.url).port));
    const rest = new RestClient(proxy.url);
    const bytes = numbered(400_000);
    let cuts = 0;
    const attachment = await new FileCalls(rest, ann.access_token).upload(fileOf(bytes), {
      pieceBytes: 100_000,
      retryDelay: 5,
      onProgress: (sent) => {
        if (sent % 200_000 === 0 && cuts < 2) {
          cuts += 1;
          proxy.cutAfter(50_000, 'up');
        }
      },
    });
    expect(cuts).toBe(2);
    await expectContent(place, ann, attachment.id, bytes);
  });

  it('goes on in another life with what it was told in the first', async () => {
    const place = await startApp();
    const ann = await guest(place, 'ann');
    const calls = new FileCalls(new RestClient(place.url), ann.access_token);
    const file = fileOf(numbered(300_000));
    const abort = new AbortController();
    let announced;
    const broken = calls.upload(file, {
      pieceBytes: 100_000,
      signal: abort.signal,
      onAnnounced: (one) => (announced = one),
      onProgress: () => {
        abort.abort();
      },
    });
    await expect(broken).rejects.toThrow();
    const sent: number[] = [];
    const attachment = await calls.upload(file, {
      pieceBytes: 100_000,
      announced: announced as never,
      onProgress: (bytes) => sent.push(bytes),
    });
    expect(sent).toEqual([200_000, 300_000]);
    await expectContent(place, ann, attachment.id, numbered(300_000));
    await calls.discard((await calls.announce(file)).id);
    await expect(calls.open('A'.repeat(22))).rejects.toMatchObject({ code: 'attachment-unknown' });
  });
});

async function expectContent(
  place: { readonly url: string },
  { access_token }: Tokens,
  id: string,
  bytes: Buffer,
): Promise<void> {
  const blob = await new FileCalls(new RestClient(place.url), access_token).open(id);
  expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
}
