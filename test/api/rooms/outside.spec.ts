import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { CountedCalls } from '../../support/counted-calls.js';
import { onEachTransport } from '../../support/transports.js';
import type { AnyMember, SentFrame } from '../../support/ways-in.js';
import type { Frame } from '../../support/ws-client.js';
import { Caller, caller } from './rest.js';

const SECRET = 'secret';
const NONE = 'no-such';

/** Everything that a frame can ask of a room. */
const FRAMES: readonly (readonly [what: string, frame: (room: string) => SentFrame])[] = [
  ['a message', (room) => ({ type: 2, room, data: 'hello' })],
  ['a Sync', (room) => ({ type: 8, data: { [room]: 0 } })],
  ['a Sync beside the lobby', (room) => ({ type: 8, data: { lobby: 0, [room]: 0 } })],
  ['typing', (room) => ({ type: 10, room })],
  ['a read mark', (room) => ({ type: 11, room, seq: 1 })],
  ['a mark set back', (room) => ({ type: 11, room, seq: 1, unread: true })],
  ['several read marks', (room) => ({ type: 11, data: { lobby: 0, [room]: 1 } })],
  ['a Join', (room) => ({ type: 15, room })],
  ['a Part', (room) => ({ type: 16, room })],
];

onEachTransport((clients) => {
  describe('A private room, to those outside', () => {
    let service: RunningApp;
    let owner: Caller;
    let stranger: AnyMember;
    let banned: AnyMember;
    let calls: CountedCalls;
    let count = 0;

    beforeAll(async () => {
      service = await startApp();
      owner = await caller(service, 'owner');
      stranger = await clients.enter(service, 'stranger');
      banned = await clients.enter(service, 'banned');
      await owner.found(SECRET, 'private');
      await owner.call(`PUT /rooms/${SECRET}/bans/banned`);
      calls = new CountedCalls(service.app.get(RoomStore, { strict: false }));
    });

    afterAll(() => {
      calls.end();
    });

    /** @returns the answer, but for the ref */
    async function ask({ socket }: AnyMember, frame: SentFrame): Promise<object> {
      const ref = `r${count++}`;
      socket.send({ ...frame, ref });
      const { ref: _, ...answer } = await socket.next((one: Frame) => one.ref === ref);
      return answer;
    }

    it.each(FRAMES)('is no room to %s [S56]', async (_what, frame) => {
      const none = await ask(stranger, frame(NONE));
      expect(none).toMatchObject({ type: 7, code: 'not-a-member' });
      expect(await ask(stranger, frame(SECRET))).toEqual(none);
      expect(await ask(banned, frame(SECRET))).toEqual(none);
    });

    it.each(FRAMES)(
      'costs %s as many questions to the store as none [S56]',
      async (_what, frame) => {
        const none = await calls.during(() => ask(stranger, frame(NONE)));
        expect(await calls.during(() => ask(stranger, frame(SECRET)))).toEqual(none);
        expect(await calls.during(() => ask(banned, frame(SECRET)))).toEqual(none);
      },
    );

    it('is in no list and behind no search, invitation or link [S56]', async () => {
      const { tokens } = stranger;
      const outsider = new Caller(service, tokens);
      const found = await outsider.call(`GET /rooms?q=${SECRET}`);
      expect(found.body).toEqual({ items: [], next: null });
      for (const path of ['/rooms', '/invitations', '/conversations', '/direct']) {
        const answer = await outsider.call(`GET ${path}`);
        expect(answer.status).toBe(200);
        expect(JSON.stringify(answer.body)).not.toContain(SECRET);
      }
      const link = await owner.call(`POST /rooms/${SECRET}/links`, { uses: 1 });
      await owner.call(`DELETE /rooms/${SECRET}/links`);
      const { code } = link.body as { code: string };
      const ended = await outsider.call('POST /join', { code });
      const unknown = await outsider.call('POST /join', { code: 'x'.repeat(code.length) });
      expect(plain(ended)).toEqual(plain(unknown));
      expect(plain(ended)).toMatchObject({ status: 404, code: 'invitation-invalid' });
    });

    it('tells of nothing that happens in it [S56]', async () => {
      const before = stranger.socket.frames.length;
      await owner.call(`POST /rooms/${SECRET}/messages`, { data: 'among us' });
      await owner.call(`PATCH /rooms/${SECRET}`, { title: 'Among us' });
      await stranger.socket.roundTrip();
      expect(JSON.stringify(stranger.socket.frames.slice(before))).not.toContain('mong us');
    });
  });
});

function plain({ status, body }: Awaited<ReturnType<Caller['call']>>): object {
  const { request_id: _, ...rest } = { request_id: undefined, ...body };
  return { status, ...rest };
}
