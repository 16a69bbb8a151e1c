import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Draft } from '../../src/chat/log/event.js';
import type { MessageChange } from '../../src/chat/log/message-change.js';
import type { RefOwner } from '../../src/chat/log/message-store.js';
import type { Person } from '../../src/kernel/person.js';
import { everything, ROOM, say, seqOf } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { talks } from './talk.js';

export function messageStoreContract(open: EngineFactory): void {
  describe('MessageStore', () => {
    const current = talks(open);
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;

    beforeEach(() => {
      ({ engine, alice, bob } = current());
    });

    const at = (seq: number) => ({ conversation: ROOM, seq });
    const expects = (seq: number, version: number): MessageChange => ({
      ...{ op: 'expect-message', ...at(seq), version },
    });

    function edit(seq: number, version: number, was: string, body: string): Draft {
      const stored = { kind: 'message', target: null, body: was };
      return say(alice, body, {
        ...{ kind: 'edit', target: seq, counts: false },
        changes: [
          expects(seq, version),
          { op: 'edit-message', ...at(seq), was: stored, body, time: 5 },
        ],
      });
    }

    function deletion(seq: number, version: number, was: string): Draft {
      const stored = { kind: 'message', target: null, body: was };
      const change = { op: 'delete-message', ...at(seq), was: stored, body: '' } as const;
      return say(bob, '{}', {
        ...{ kind: 'delete', target: seq, counts: false },
        changes: [expects(seq, version), { ...change, by: bob.id, counted: true, thread: null }],
      });
    }

    function react(seq: number, version: number, ...keys: readonly string[]): Draft {
      const added = keys.map((key) => ({ key, person: alice.id }));
      return say(alice, `{"${keys.join()}":1}`, {
        ...{ kind: 'reaction', target: seq, counts: false },
        changes: [expects(seq, version), { op: 'react', ...at(seq), added, removed: [] }],
      });
    }

    /** Each in a batch of its own: whoever decides about a message has read it. */
    async function inTurn(...drafts: readonly Draft[]): Promise<void> {
      for (const draft of drafts) {
        expect(await engine.log.append([draft])).toMatchObject([{ status: 'stored' }]);
      }
    }

    it('knows nothing of a message to which nothing happened', async () => {
      await engine.log.append([say(alice, 'hello')]);
      const [event] = await engine.messages.at(ROOM, [1, 2]);
      expect(event).toMatchObject({ seq: 1, body: 'hello' });
      expect(event?.state).toBeUndefined();
    });

    it('shows the present text, and the log has the edit at its own number', async () => {
      await engine.log.append([say(alice, 'helo'), say(bob, 'hi')]);
      expect(await engine.log.append([edit(1, 0, 'helo', 'hello')])).toMatchObject([
        { status: 'stored', receipt: { seq: 3, n: 2 } },
      ]);
      const events = await everything(engine.log);
      expect(events.map(({ kind, body }) => [kind, body])).toEqual([
        ['message', 'hello'],
        ['message', 'hi'],
        ['edit', 'hello'],
      ]);
      expect(events[0]?.state).toMatchObject({
        ...{ version: 1, changed: 3, edits: 1, edited: { seq: 3, time: 5 }, deleted: null },
      });
      expect(events[1]?.state).toBeUndefined();
    });

    it('stores nothing where another version holds than the decision was based on', async () => {
      await inTurn(say(alice, 'one'), edit(1, 0, 'one', 'two'));
      const late = [edit(1, 0, 'one', 'three'), say(bob, 'next'), edit(1, 5, 'two', 'four')];
      expect(await engine.log.append(late)).toMatchObject([
        { status: 'stale' },
        { status: 'stored', receipt: { seq: 3 } },
        { status: 'stale' },
      ]);
      expect((await engine.messages.at(ROOM, [1]))[0]?.body).toBe('two');
    });

    it('lets one of two win that were decided by the same', async () => {
      await engine.log.append([say(alice, 'one')]);
      const outcomes = await Promise.all(
        ['two', 'three'].map((text) => engine.log.append([edit(1, 0, 'one', text)])),
      );
      expect(
        outcomes
          .flat()
          .map(({ status }) => status)
          .sort(),
      ).toEqual(['stale', 'stored']);
    });

    it('keeps the ref of an edited message for what it said at first', async () => {
      const first = say(alice, 'one', { ref: 'r' });
      await inTurn(first, edit(1, 0, 'one', 'two'), edit(1, 1, 'two', 'three'));
      expect(await engine.log.append([first, say(alice, 'three', { ref: 'r' })])).toMatchObject([
        { status: 'duplicate', receipt: { seq: 1 } },
        { status: 'conflict' },
      ]);
    });

    it('empties a deleted message and all that was said of it, and keeps their numbers', async () => {
      const changed = { ...edit(1, 0, 'one', 'secret'), ref: 'e' };
      await inTurn(say(alice, 'one', { ref: 'r' }), changed, react(1, 1, '👍'));
      await engine.log.append([deletion(1, 2, 'secret')]);
      const events = await everything(engine.log);
      expect(events.map(({ kind, body }) => [kind, body])).toEqual([
        ['message', ''],
        ['edit', ''],
        ['reaction', ''],
        ['delete', '{}'],
      ]);
      const deleted = { seq: 4, by: bob };
      for (const { state } of events) expect(state).toMatchObject({ deleted, reactions: 0 });
      expect(await engine.messages.reactions(ROOM, [1], alice.id)).toEqual(new Map());
      expect(await engine.log.append([say(alice, 'one', { ref: 'r' }), changed])).toMatchObject([
        { status: 'duplicate', receipt: { seq: 1 } },
        { status: 'duplicate', receipt: { seq: 2 } },
      ]);
      await engine.reopen();
      expect((await everything(engine.log))[0]).toMatchObject({ body: '', state: { deleted } });
    });

    it('counts reactions, in the order in which their keys came up', async () => {
      const both = [alice, bob].map(({ id: person }) => ({ key: '🎉', person }));
      const cheer = say(bob, '{}', {
        ...{ kind: 'reaction', target: 1, counts: false },
        changes: [expects(1, 1), { op: 'react', ...at(1), added: both, removed: [] }],
      });
      await inTurn(say(alice, 'one'), react(1, 0, '👍'), cheer);
      expect(await engine.messages.reactions(ROOM, [1], bob.id)).toEqual(
        new Map([
          [
            1,
            [
              { key: '👍', count: 1, me: false },
              { key: '🎉', count: 2, me: true },
            ],
          ],
        ]),
      );
      const held = await engine.messages.reactionsOf(ROOM, 1, [bob.id]);
      expect(held).toEqual([{ key: '🎉', person: bob.id }]);
    });

    it('finds what a ref stands for, a part of an event as well', async () => {
      const part = { kind: 'reaction', target: 1, body: 'add 👍' };
      const owner: RefOwner = { conversation: ROOM, author: alice, ref: 'p', ...part };
      const stored = async (one: RefOwner) => (await engine.messages.stored([one]))[0];
      const keeping = react(1, 0, '👍');
      const keep: MessageChange = {
        ...{ op: 'keep-ref', conversation: ROOM, author: alice.id, ref: 'p', part },
      };
      expect(await stored(owner)).toBeNull();
      await engine.log.append([
        say(alice, 'one', { ref: 'r' }),
        { ...keeping, changes: [...(keeping.changes ?? []), keep] },
      ]);
      expect(await stored(owner)).toMatchObject({
        ...{ status: 'duplicate', receipt: { seq: 2 } },
      });
      expect(await stored({ ...owner, body: 'add 🎉' })).toEqual({
        status: 'conflict',
      });
      const said = { ...owner, kind: 'message', target: null, body: 'one', ref: 'r' };
      expect(await stored(said)).toMatchObject({ receipt: { seq: 1 } });
      expect(await stored({ ...said, author: bob })).toBeNull();
      const all = [{ ...said, author: bob }, said, owner, said, { ...owner, ref: 'x' }];
      expect(await engine.messages.stored(all)).toMatchObject([
        ...[null, { receipt: { seq: 1 } }, { receipt: { seq: 2 } }, { receipt: { seq: 1 } }, null],
      ]);
      expect(await engine.messages.stored([])).toEqual([]);
    });

    it('pins no more than may be, and lists the latest first', async () => {
      const pin = (seq: number, most: number): Draft =>
        say(alice, 'true', {
          ...{ kind: 'pin', target: seq, counts: false },
          changes: [expects(seq, 0), { op: 'pin', ...at(seq), person: alice.id, most }],
        });
      await engine.log.append([say(alice, 'one'), say(alice, 'two'), say(alice, 'three')]);
      const outcomes = await engine.log.append([pin(2, 2), pin(1, 2), pin(3, 2)]);
      expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'stored', 'stale']);
      expect((await engine.messages.pins(ROOM, 10)).map(({ body }) => body)).toEqual([
        'one',
        'two',
      ]);
      expect(await engine.messages.countPins(ROOM)).toBe(2);
    });

    it('keeps a thread: how many replied, who last, and what', async () => {
      const carol = { ...bob };
      const reply = (author: Person, text: string): Draft =>
        say(author, text, {
          counts: false,
          changes: [{ op: 'reply-in-thread', ...at(1), author: author.id, alone: true, time: 1 }],
        });
      await engine.log.append([say(alice, 'root'), say(bob, 'other')]);
      await engine.log.append([reply(bob, 'a'), reply(alice, 'b'), reply(carol, 'c')]);
      const [root] = await engine.messages.at(ROOM, [1]);
      expect(root?.state?.thread).toEqual({ count: 3, lastSeq: 5, users: [bob, alice] });
      const bodies = async (request: object) =>
        (await engine.messages.thread(ROOM, 1, { limit: 2, ...request })).map(({ body }) => body);
      expect(await bodies({})).toEqual(['b', 'c']);
      expect(await bodies({ before: 4 })).toEqual(['a']);
      expect(await bodies({ after: 3 })).toEqual(['b', 'c']);
    });

    it('takes no reply in the thread of a deleted message', async () => {
      const reply = say(bob, 'late', {
        changes: [{ op: 'reply-in-thread', ...at(1), author: bob.id, alone: true, time: 1 }],
      });
      await inTurn(say(alice, 'root'), deletion(1, 0, 'root'));
      expect(await engine.log.append([reply])).toEqual([{ status: 'stale' }]);
    });

    it('lists what changed above a number, in the order in which it did', async () => {
      await engine.log.append([say(alice, '1'), say(alice, '2'), say(alice, '3')]);
      await inTurn(edit(3, 0, '3', 'c'), edit(1, 0, '1', 'a'), edit(3, 1, 'c', 'd'));
      const changed = async (after: number, from = 1) =>
        (await engine.messages.changedAfter(ROOM, { after, from, limit: 10 })).map(
          ({ seq, state }) => [seq, state?.changed],
        );
      expect(await changed(0)).toEqual([
        [1, 5],
        [3, 6],
      ]);
      expect(await changed(5)).toEqual([[3, 6]]);
      expect(await changed(0, 2)).toEqual([[3, 6]]);
      expect(await changed(6)).toEqual([]);
    });

    it('finds who is mentioned, by name or with everybody, until the message goes', async () => {
      const people = [bob.id];
      const named = say(alice, 'bob!', {
        changes: [{ op: 'mention', conversation: ROOM, people }],
      });
      const all = say(alice, 'all!', {
        changes: [{ op: 'mention-all', conversation: ROOM, author: alice.id }],
      });
      const outcomes = await engine.log.append([named, say(alice, 'nobody'), all]);
      expect(outcomes.map(seqOf)).toEqual([1, 2, 3]);
      const of = async (person: Person) =>
        (await engine.messages.mentions({ personId: person.id, withLobby: true, limit: 10 })).map(
          ({ body }) => body,
        );
      expect(await of(bob)).toEqual(['all!', 'bob!']);
      expect(await of(alice)).toEqual([]);
      await engine.log.append([deletion(3, 0, 'all!'), deletion(1, 0, 'bob!')]);
      expect(await of(bob)).toEqual([]);
    });
  });
}
