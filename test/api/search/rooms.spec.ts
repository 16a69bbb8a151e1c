import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { until } from '../../support/bounded.js';
import { onEachEngine } from '../../support/engines.js';
import { join } from '../../support/people.js';
import type { ChatSocket } from '../../support/ws-client.js';
import { problem } from '../history/library.js';
import { caller, type Caller } from '../rooms/rest.js';
import { ask, search } from './library.js';

onEachEngine((newDatabase) => {
  describe('a search in rooms', () => {
    let service: RunningApp;
    let ann: Caller;
    let bob: Caller;
    let eve: Caller;
    let socket: ChatSocket;

    beforeAll(async () => {
      service = await startApp(await newDatabase());
      ann = await caller(service, 'ann');
      bob = await caller(service, 'bob');
      eve = await caller(service, 'eve');
      socket = await join(service, ann.tokens);
      for (const [name, history] of [
        ['open', 'all'],
        ['closed', 'joined'],
      ] as const) {
        await ann.call('POST /rooms', { name, kind: 'private', history });
      }
      await say('open', 'plan 计划 one');
      await say('closed', 'plan 计划 before bob');
      for (const name of ['open', 'closed']) {
        expect((await ann.call(`PUT /rooms/${name}/members/bob`, {})).status).toBeLessThan(300);
      }
      await say('closed', 'plan 计划 with bob');
      await until(
        async () => ((await found(ann, 'plan')).length === 3 ? true : null),
        'the rooms in the index',
        () => 'fewer',
        90_000,
      );
    });

    let count = 0;
    async function say(room: string, data: string): Promise<void> {
      const ref = `said ${++count}`;
      socket.send({ type: 2, room, data, ref });
      await socket.next({ type: 6, ref });
    }

    async function found({ tokens }: Caller, q: string, how = {}): Promise<readonly string[]> {
      const response = await ask(service, tokens, { q, ...how });
      if (response.status === 503) return [];
      const { items } = (await response.json()) as Awaited<ReturnType<typeof search>>;
      return items.map(({ room, data }) => `${room ?? ''}: ${data}`);
    }

    it('finds what is said in the rooms of whoever searches, and in no others [S62]', async () => {
      expect(await found(ann, '计划')).toEqual([
        'closed: plan 计划 with bob',
        'closed: plan 计划 before bob',
        'open: plan 计划 one',
      ]);
      expect(await found(eve, '计划')).toEqual([]);
      expect(await found(eve, 'plan', { from: 'ann' })).toEqual([]);
    });

    it('finds what members may read: in some rooms from where they came in on [S62]', async () => {
      expect(await found(bob, '计划')).toEqual([
        'closed: plan 计划 with bob',
        'open: plan 计划 one',
      ]);
      expect(await found(bob, 'plan', { room: 'closed' })).toEqual(['closed: plan 计划 with bob']);
      expect(await found(bob, 'plan', { room: 'OPEN' })).toEqual(['open: plan 计划 one']);
    });

    it('gives the same answer for a private room and for none [S62]', async () => {
      const answers = await Promise.all(
        ['open', 'nowhere'].map(async (room) =>
          problem(await ask(service, eve.tokens, { q: 'plan', room })),
        ),
      );
      expect(answers[0]).toEqual({ status: 403, code: 'not-a-member', field: 'room' });
      expect(answers[1]).toEqual(answers[0]);
    });

    it('names a room as it is called now, and finds nothing after one has gone [S62]', async () => {
      expect((await ann.call('PATCH /rooms/open', { name: 'renamed' })).status).toBe(200);
      expect(await found(bob, 'one')).toEqual(['renamed: plan 计划 one']);
      await ann.call('DELETE /rooms/renamed/members/bob');
      expect(await found(bob, 'one')).toEqual([]);
      await bob.call('DELETE /rooms/closed/members/me');
      expect(await found(bob, 'plan')).toEqual([]);
      expect(await found(ann, 'plan')).toHaveLength(3);
    });
  });
});
