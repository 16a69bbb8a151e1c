import { describe, expect, it } from '@jest/globals';
import { EventLog } from '../../../src/chat/log/event-log.js';
import { startApp, type RunningApp } from '../../support/app.js';
import { hold } from '../../support/hold.js';
import { guest, type Tokens } from '../../support/people.js';
import type { NewDatabase } from '../../support/engines.js';
import { onEachEngineAndTransport } from '../../support/transports.js';
import type { AnyClient, Clients } from '../../support/ways-in.js';

async function say(socket: AnyClient, count: number, more: object = {}): Promise<void> {
  for (let i = 0; i < count; i++) {
    socket.send({
      type: 2,
      data: `message ${i}`,
      ref: `ref ${i} ${JSON.stringify(more)}`,
      ...more,
    });
  }
  await socket.take(count, { type: 6 });
}

/** The numbers in the lobby that came before the end of each Sync, since the one before. */
function seqsBefore(socket: AnyClient, ...refs: readonly string[]): readonly (readonly number[])[] {
  let from = 0;
  return refs.map((ref) => {
    const end = socket.frames.findIndex((frame) => frame.type === 8 && frame.ref === ref);
    const frames = socket.frames.slice(from, end);
    from = end;
    return frames.flatMap(({ type, room, seq }) => (type === 2 && room ? (seq ?? []) : []));
  });
}

onEachEngineAndTransport(syncing);

function syncing(newDatabase: NewDatabase, clients: Clients): void {
  const { enter } = clients;

  async function resume(place: RunningApp, tokens: Tokens): Promise<AnyClient> {
    return await clients.join(place, tokens, { resume: true });
  }

  describe('Sync', () => {
    it('brings exactly what was missed, in order, and then says so', async () => {
      const place = await startApp(await newDatabase());
      const ann = await enter(place, 'ann');
      const ben = await guest(place, 'ben');
      await say(ann.socket, 30);
      const socket = await resume(place, ben);
      socket.send({ type: 8, data: { lobby: 10 }, ref: 's' });
      expect(await socket.next({ type: 8 })).toEqual({
        type: 8,
        ref: 's',
        data: { lobby: { seq: 30, complete: true } },
      });
      const seqs = socket.frames
        .filter((frame) => frame.room === 'lobby')
        .map((frame) => frame.seq);
      expect(seqs).toEqual(Array.from({ length: 20 }, (_, i) => 11 + i));
    });

    it('lets nothing live come between, and loses nothing that is said meanwhile', async () => {
      const place = await startApp({ ...(await newDatabase()), MAX_SYNC_MESSAGES: '10000' });
      const ann = await enter(place, 'ann');
      await say(ann.socket, 500);
      const ben = await guest(place, 'ben');
      for (let round = 0; round < 5; round++) {
        const socket = await resume(place, ben);
        for (let i = 0; i < 100; i++) ann.socket.send({ type: 2, data: 'live' });
        socket.send({ type: 8, data: { lobby: 0 } });
        for (let i = 0; i < 100; i++) ann.socket.send({ type: 2, data: 'live' });
        ann.socket.send({ type: 2, data: `end of ${round}` });
        await socket.next({ type: 2, data: `end of ${round}` });
        const { data } = await socket.next({ type: 8 });
        expect(data).toMatchObject({ lobby: { complete: true } });
        const seqs = socket.frames
          .filter((frame) => frame.room === 'lobby')
          .map((frame) => frame.seq ?? 0);
        // What came live before the Sync was asked for is none of its business.
        const synced = seqs.slice(seqs.indexOf(1));
        expect(synced).toEqual(synced.map((_, i) => 1 + i));
        await socket.close();
      }
    });

    it('does not hold up the messages behind it, and is whole all the same', async () => {
      const place = await startApp(await newDatabase());
      const ann = await enter(place, 'ann');
      const cat = await enter(place, 'cat');
      await say(ann.socket, 450);
      // All of it has been delivered live, before Ben comes.
      await cat.socket.next({ type: 2, seq: 450 });
      const socket = await resume(place, await guest(place, 'ben'));
      const readOn = hold(place.app.get(EventLog), 'page');
      socket.send({ type: 8, data: { lobby: 0 }, ref: 'first' });
      // From here on what is said, also by Ben himself, waits for the first Sync.
      await readOn.reached;
      socket.send({ type: 8, data: { lobby: 440 }, ref: 'second' });
      socket.send({ type: 2, data: 'meanwhile', ref: 'm' });
      expect(await socket.next({ type: 6 })).toMatchObject({ ref: 'm', seq: 451 });
      ann.socket.send({ type: 2, data: 'live' });
      await ann.socket.next({ type: 2, seq: 451 });
      expect(socket.frames.some(({ seq, type }) => type === 2 && seq !== undefined)).toBe(false);
      readOn();
      expect(await socket.next({ type: 8 })).toMatchObject({
        ref: 'first',
        data: { lobby: { complete: true } },
      });
      expect(await socket.next({ type: 8 })).toMatchObject({ ref: 'second' });
      await socket.next({ type: 2, data: 'live' });
      const [first = [], second = []] = seqsBefore(socket, 'first', 'second');
      expect(first).toEqual(first.map((_, i) => 1 + i));
      expect(first.length).toBeGreaterThanOrEqual(451);
      // What is said live may come in between, before the second one holds it back.
      const asked = second.filter((seq) => seq <= 451);
      expect(asked).toEqual(Array.from({ length: 11 }, (_, i) => 441 + i));
    });

    it('says when too much was missed, sends nothing of it, and where to page from', async () => {
      const place = await startApp({ ...(await newDatabase()), MAX_SYNC_MESSAGES: '10' });
      const ann = await enter(place, 'ann');
      await say(ann.socket, 20);
      const socket = await resume(place, await guest(place, 'ben'));
      socket.send({ type: 8, data: { lobby: 3 } });
      expect((await socket.next({ type: 8 })).data).toEqual({
        lobby: { seq: 20, complete: false, after: 3 },
      });
      expect(socket.frames.filter((frame) => frame.seq !== undefined)).toEqual([]);
    });

    it('brings private conversations: those it names, and those it cannot know of', async () => {
      const place = await startApp(await newDatabase());
      const ann = await enter(place, 'ann');
      const cat = await enter(place, 'cat');
      const ben = await enter(place, 'ben');
      await say(ann.socket, 3, { type: 3, to: 'ben' });
      await ben.socket.take(3, { type: 3 });
      await ben.socket.close();
      await say(ann.socket, 1, { type: 3, to: 'ben', data: 'while you were away' });
      await say(cat.socket, 2, { type: 3, to: 'ben' });
      const socket = await resume(place, ben.tokens);
      socket.send({ type: 8, data: { '@ann': 1 } });
      expect((await socket.next({ type: 8 })).data).toEqual({
        '@ann': { seq: 4, complete: true },
        '@cat': { seq: 2, complete: true },
      });
      const from = (username: string): readonly unknown[] =>
        socket.frames
          .filter((frame) => frame.type === 3 && frame.user?.username === username)
          .map((frame) => frame.seq);
      expect(from('ann')).toEqual([2, 3, 4]);
      expect(from('cat')).toEqual([1, 2]);
    });

    it('takes several spellings of one name for one conversation, from the lowest number on', async () => {
      const place = await startApp(await newDatabase());
      const ann = await enter(place, 'ann');
      const ben = await guest(place, 'ben');
      await say(ann.socket, 3, { type: 3, to: 'ｂＥn' });
      const known = ann.socket.frames.filter((frame) => frame.type === 6);
      if (clients.echoes) expect(new Set(known.map((frame) => frame.to))).toEqual(new Set(['ben']));
      const socket = await resume(place, ben);
      socket.send({ type: 8, data: { '@ANN': 2, '@ann': 1, '@Ａnn': 3 } });
      expect((await socket.next({ type: 8 })).data).toEqual({ '@ann': { seq: 3, complete: true } });
      socket.send({ type: 8, data: { '@aNN': 2 } });
      expect((await socket.next({ type: 8 })).data).toEqual({ '@ann': { seq: 3, complete: true } });
      const frames = socket.frames.filter((frame) => frame.type === 3);
      expect(frames.map((frame) => [frame.seq, frame.to])).toEqual([
        [2, 'ben'],
        [3, 'ben'],
        [3, 'ben'],
      ]);
    });

    it('refuses the conversations of others [S11]', async () => {
      const place = await startApp(await newDatabase());
      const socket = await resume(place, await guest(place, 'ben'));
      socket.send({ type: 8, data: { '@nobody': 0 }, ref: 'x' });
      expect(await socket.next({ type: 7 })).toMatchObject({ ref: 'x', code: 'unknown-recipient' });
      socket.send({ type: 8, data: { 'direct:a:b': 0 } });
      expect(await socket.next({ type: 7 })).toMatchObject({ code: 'not-a-member' });
    });

    it('has nothing to bring to a client that is up to date, or ahead', async () => {
      const place = await startApp(await newDatabase());
      const ann = await enter(place, 'ann');
      await say(ann.socket, 2);
      const socket = await resume(place, await guest(place, 'ben'));
      for (const lobby of [2, 99]) {
        socket.send({ type: 8, data: { lobby } });
        expect((await socket.next({ type: 8 })).data).toEqual({
          lobby: { seq: 2, complete: true },
        });
      }
      ann.socket.send({ type: 2, data: 'go on' });
      expect((await socket.next({ data: 'go on' })).seq).toBe(3);
    });
  });
}
