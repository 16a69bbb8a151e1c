import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Draft } from '../../src/chat/log/event.js';
import type { MessageChange } from '../../src/chat/log/message-change.js';
import type { Person } from '../../src/kernel/person.js';
import { directKey } from '../../src/chat/conversations/key.js';
import { many, ROOM, say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { talks } from './talk.js';

export function threadStoreContract(open: EngineFactory): void {
  describe('ThreadStore', () => {
    const current = talks(open);
    const thread = { conversation: ROOM, root: 1 };
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;

    beforeEach(async () => {
      ({ engine, alice, bob } = current());
      await engine.log.append([say(alice, 'root')]);
    });

    function reply(author: Person, { alone = true, root = 1, time = 1 } = {}): Draft {
      const target = { conversation: ROOM, seq: root };
      const change: MessageChange = {
        ...{ op: 'reply-in-thread', ...target, author: author.id, alone, time },
      };
      return say(author, 'reply', { counts: !alone, changes: [change] });
    }

    function deletion(seq: number, { alone = true } = {}): Draft {
      const was = { kind: 'message', target: null, body: 'reply' };
      const target = { conversation: ROOM, seq };
      const change = { op: 'delete-message', ...target, was, body: '', by: bob.id } as const;
      return say(bob, '{}', {
        ...{ kind: 'delete', target: seq, counts: false },
        changes: [
          { op: 'expect-message', ...target, version: 0 },
          { ...change, counted: !alone, thread: 1 },
        ],
      });
    }

    const markOf = ({ id }: Person, root = 1) =>
      engine.threads.mark(id, { conversation: ROOM, root });

    it('lets those follow who reply, and who began: what they said themselves is read', async () => {
      expect(await markOf(alice)).toEqual({ following: false, seq: 0, unread: 0 });
      await engine.log.append([reply(bob), reply(bob)]);
      expect(await markOf(alice)).toEqual({ following: true, seq: 1, unread: 2 });
      expect(await markOf(bob)).toEqual({ following: true, seq: 3, unread: 0 });
      await engine.log.append([reply(alice)]);
      expect(await markOf(alice)).toEqual({ following: true, seq: 4, unread: 0 });
      expect(await markOf(bob)).toEqual({ following: true, seq: 3, unread: 1 });
      await engine.reopen();
      expect(await markOf(bob)).toEqual({ following: true, seq: 3, unread: 1 });
    });

    it('counts nothing that counts in the conversation', async () => {
      await engine.log.append([reply(bob, { alone: false }), reply(bob), say(bob, 'elsewhere')]);
      expect(await markOf(alice)).toMatchObject({ unread: 1 });
      await engine.threads.moveRead(alice.id, thread, 2);
      expect(await markOf(alice)).toMatchObject({ unread: 1 });
    });

    it('moves a mark forward and not beyond the head, and back where that is asked for', async () => {
      await engine.log.append([reply(bob), reply(bob), reply(bob)]);
      const read = async (seq: number) => {
        await engine.threads.moveRead(alice.id, thread, seq);
        return markOf(alice);
      };
      expect(await read(3)).toMatchObject({ seq: 3, unread: 1 });
      expect(await read(2)).toMatchObject({ seq: 3, unread: 1 });
      expect(await read(1_000)).toMatchObject({ seq: 4, unread: 0 });
      await engine.threads.setReadBack(alice.id, thread, 1);
      expect(await markOf(alice)).toMatchObject({ seq: 1, unread: 3 });
      await engine.marks.moveAllRead(alice.id, 1);
      expect(await markOf(alice)).toMatchObject({ seq: 4, unread: 0 });
    });

    it('subtracts what was deleted behind the mark, and only that', async () => {
      await engine.log.append([reply(bob), reply(bob), reply(bob, { alone: false })]);
      await engine.log.append([deletion(2), deletion(4, { alone: false })]);
      expect(await markOf(alice)).toMatchObject({ unread: 1 });
      await engine.threads.moveRead(alice.id, thread, 2);
      expect(await markOf(alice)).toMatchObject({ unread: 1 });
      await engine.log.append([reply(bob), deletion(3)]);
      expect(await markOf(alice)).toMatchObject({ unread: 1 });
    });

    it('lets people follow by hand from now on, and no longer, whatever others say', async () => {
      await engine.log.append([reply(alice)]);
      await engine.threads.follow(bob.id, thread, 1);
      expect(await markOf(bob)).toEqual({ following: true, seq: 2, unread: 0 });
      await engine.log.append([reply(alice)]);
      await engine.threads.follow(bob.id, thread, 2);
      expect(await markOf(bob)).toEqual({ following: true, seq: 2, unread: 1 });
      await engine.threads.unfollow(bob.id, thread, 3);
      await engine.threads.unfollow(alice.id, thread, 3);
      await engine.log.append([reply(bob)]);
      expect(await markOf(bob)).toEqual({ following: true, seq: 4, unread: 0 });
      expect(await markOf(alice)).toEqual({ following: false, seq: 0, unread: 0 });
      await engine.threads.moveRead(alice.id, thread, 4);
      expect(await markOf(alice)).toEqual({ following: false, seq: 0, unread: 0 });
    });

    it('lists what somebody follows, the latest reply first, page by page', async () => {
      const direct = directKey(alice.id, bob.id);
      await engine.log.append([say(alice, 'second'), whisper(alice, bob, 'third')]);
      await engine.log.append([reply(bob, { root: 2 }), reply(bob)]);
      await engine.threads.follow(alice.id, { conversation: direct, root: 1 }, 1);
      const request = { personId: alice.id, withLobby: true, limit: 2 };
      const page = async (after?: string) =>
        engine.threads.followed(after === undefined ? request : { ...request, after });
      const first = await page();
      expect(first).toMatchObject([
        {
          conversation: ROOM,
          with: null,
          unread: 1,
          root: { body: 'root', state: { thread: {} } },
        },
        { conversation: ROOM, with: null, unread: 1, root: { body: 'second' } },
      ]);
      const rest = await page(first[1]?.latest);
      expect(rest).toMatchObject([{ conversation: direct, with: bob, root: { body: 'third' } }]);
      expect(await page(rest[0]?.latest)).toEqual([]);
      expect(await engine.threads.followed({ ...request, withLobby: false })).toEqual(rest);
    });

    it('keeps those that were touched last, and forgets the others [S50]', async () => {
      await engine.log.append(many(alice, 5));
      for (const root of [2, 3, 4, 5]) {
        await engine.log.append([reply(bob, { root, time: root === 3 ? 9 : root })]);
      }
      await engine.threads.trim([bob.id], 2);
      const kept = await engine.threads.followed({ personId: bob.id, withLobby: true, limit: 10 });
      expect(kept.map(({ root }) => root.seq).sort()).toEqual([3, 5]);
      expect(await markOf(alice, 4)).toMatchObject({ following: true });
    });
  });
}
