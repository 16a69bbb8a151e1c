import { describe, expect, it } from '@jest/globals';
import { startApp, type RunningApp } from '../../support/app.js';
import { onEachEngineAndTransport } from '../../support/transports.js';
import type { AnyClient, AnyMember, Clients } from '../../support/ways-in.js';
import type { NewDatabase } from '../../support/engines.js';
import { wave } from '../../support/later-version.js';
import { guest, type Tokens } from '../../support/people.js';
import type { Frame } from '../../support/ws-client.js';

/** What fills numbers, and which. */
function numbered(frames: readonly Frame[]): readonly (readonly [unknown, unknown])[] {
  return frames
    .filter(({ type, seq }) => seq !== undefined && type !== 6)
    .map(({ type, seq }) => [type, seq]);
}

async function say(socket: AnyClient, text: string, more: object = {}): Promise<void> {
  const ref = `${text} ${JSON.stringify(more)}`;
  socket.send({ type: 2, data: text, ref, ...more });
  await socket.next({ type: 6, ref });
}

onEachEngineAndTransport(laterKinds);

function laterKinds(newDatabase: NewDatabase, clients: Clients): void {
  /** A message, an event that nobody here knows, and another message; in the room or to somebody. */
  async function talk(place: RunningApp, ann: AnyMember, to?: Tokens) {
    const more = to === undefined ? {} : { type: 3, to: to.user.username };
    await say(ann.socket, 'before', more);
    await wave(place, ann.tokens.user, to?.user);
    await say(ann.socket, 'after', more);
  }

  describe('An event of a kind that only a later version knows', () => {
    it('comes live as a frame that fills its number and says whose it is, and where', async () => {
      const place = await startApp(await newDatabase());
      const ann = await clients.enter(place, 'ann');
      const ben = await clients.enter(place, 'ben');
      await talk(place, ann);
      await talk(place, ann, ben.tokens);
      await ben.socket.next({ type: 3, data: 'after' });
      const { user } = ann.tokens;
      const entry = { type: 99, user, seq: 2, id: expect.any(String), time: expect.any(Number) };
      const entries = ben.socket.frames.filter(({ type }) => type === 99);
      expect(entries).toEqual([
        { ...entry, room: 'lobby' },
        { ...entry, to: 'ben' },
      ]);
      expect(numbered(ben.socket.frames)).toEqual([
        [2, 1],
        [99, 2],
        [2, 3],
        [3, 1],
        [99, 2],
        [3, 3],
      ]);
    });

    it('fills its number in what a Sync brings', async () => {
      const place = await startApp(await newDatabase());
      const ann = await clients.enter(place, 'ann');
      const ben = await guest(place, 'ben');
      await talk(place, ann);
      await talk(place, ann, ben);
      const socket = await clients.join(place, ben, { resume: true });
      socket.send({ type: 8, data: { lobby: 0 }, ref: 's' });
      expect(await socket.next({ type: 8 })).toMatchObject({
        data: { lobby: { seq: 3, complete: true }, '@ann': { seq: 3, complete: true } },
      });
      expect(numbered(socket.frames)).toEqual([
        [2, 1],
        [99, 2],
        [2, 3],
        [3, 1],
        [99, 2],
        [3, 3],
      ]);
    });
  });
}
