import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AttachmentStore, NewAttachment } from '../../src/attachments/attachment-store.js';
import type { MessageChange } from '../../src/chat/log/message-change.js';
import type { Person } from '../../src/kernel/person.js';
import { newId } from './blob-store.suite.js';
import { ROOM, say } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { talks } from './talk.js';

const NO_QUOTA = { person: 0, all: 0 };
const PDF = { size: 90, type: 'application/pdf', picture: null };

export function attachmentStoreContract(open: EngineFactory): void {
  describe('AttachmentStore', () => {
    const current = talks(open);
    let engine: EngineUnderTest;
    let store: AttachmentStore;
    let alice: Person;
    let bob: Person;

    beforeEach(() => {
      ({ engine, alice, bob } = current());
      store = engine.attachments;
    });

    function fileOf(owner: Person, more: Partial<NewAttachment> = {}): NewAttachment {
      return {
        ...{ id: newId(), ownerId: owner.id, name: '计划.pdf', size: 100, type: 'application/pdf' },
        ...{ sha256: null, uploadHash: 'hash', createdAt: 1_000 },
        ...more,
      };
    }

    async function ready(owner: Person): Promise<string> {
      const file = fileOf(owner);
      await store.create(file, NO_QUOTA);
      await store.finish(file.id, PDF);
      return file.id;
    }

    const attach = (owner: Person, ...ids: readonly string[]): MessageChange => ({
      ...{ op: 'attach', conversation: ROOM, owner: owner.id, ids },
    });

    const say1 = (owner: Person, ...ids: readonly string[]) =>
      say(owner, 'see', { changes: [attach(owner, ...ids)] });

    it('has what was noted, and what it turned out to be', async () => {
      const file = fileOf(alice, { sha256: 'ab' });
      expect(await store.create(file, NO_QUOTA)).toBe('created');
      const waiting = { ...file, state: 'waiting', content: null, message: null };
      expect(await store.find([file.id, newId()])).toEqual([waiting]);
      const content = { size: 90, type: 'image/png', picture: { width: 4, height: 3 } };
      expect(await store.finish(file.id, content)).toBe(true);
      expect(await store.finish(file.id, PDF)).toBe(false);
      expect(await store.find([file.id])).toEqual([{ ...waiting, state: 'ready', content }]);
    });

    it('takes room for one more only while there is some, whoever asks at the same time', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, () => store.create(fileOf(alice), { person: 500, all: 0 })),
      );
      expect(outcomes.filter((one) => one === 'created')).toHaveLength(5);
      expect(new Set(outcomes)).toEqual(new Set(['created', 'person']));
      expect(await store.create(fileOf(bob), { person: 500, all: 550 })).toBe('all');
      expect(await store.create(fileOf(bob, { size: 50 }), { person: 500, all: 550 })).toBe(
        'created',
      );
      expect([
        await store.held(alice.id),
        await store.held(bob.id),
        await store.held(null),
      ]).toEqual([500, 50, 550]);
      expect(await store.create(fileOf(bob, { size: 501 }), { person: 500, all: 0 })).toBe(
        'person',
      );
    });

    it('gives a file to one message, and to none where something is wrong with it', async () => {
      const [mine, other] = [await ready(alice), await ready(alice)];
      const waiting = fileOf(alice);
      await store.create(waiting, NO_QUOTA);
      expect(await engine.log.append([say1(alice, mine)])).toMatchObject([{ status: 'stored' }]);
      const wrong = [
        say1(alice, other, mine),
        say1(alice, waiting.id),
        say1(alice, newId()),
        say1(bob, other),
      ];
      for (const draft of wrong) {
        expect(await engine.log.append([draft])).toMatchObject([{ status: 'stale' }]);
      }
      const [used] = await store.find([mine]);
      expect(used?.message).toEqual({ conversation: ROOM, seq: 1 });
      expect((await store.find([other]))[0]?.message).toBeNull();
      expect(await engine.log.append([say1(alice, other)])).toMatchObject([{ status: 'stored' }]);
    });

    it('gives a file to one of two messages that ask for it at once', async () => {
      const id = await ready(alice);
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, () => engine.log.append([say1(alice, id)])),
      );
      const stored = outcomes.flat().filter(({ status }) => status === 'stored');
      expect(stored).toHaveLength(1);
    });

    it('lets files go with their message, in the same commit', async () => {
      const id = await ready(alice);
      await engine.log.append([say1(alice, id)]);
      const was = { kind: 'message', target: null, body: 'see' };
      const deletion = say(alice, '{}', {
        ...{ kind: 'delete', target: 1, counts: false },
        changes: [
          { op: 'expect-message', conversation: ROOM, seq: 1, version: 0 },
          {
            ...{ op: 'delete-message', conversation: ROOM, seq: 1, was, body: '' },
            ...{ by: alice.id, counted: true, thread: null },
          },
        ],
      });
      expect(await engine.log.append([deletion])).toMatchObject([{ status: 'stored' }]);
      expect((await store.find([id]))[0]?.state).toBe('gone');
      expect(await store.gone(10)).toEqual([id]);
      expect(await store.held(alice.id)).toBe(100);
      await store.forget([id]);
      await store.forget([id]);
      expect([await store.held(alice.id), await store.held(null)]).toEqual([0, 0]);
      expect(await store.find([id])).toEqual([]);
    });

    it('lets an owner give up what no message has, and nobody else', async () => {
      const [mine, used] = [await ready(alice), await ready(alice)];
      await engine.log.append([say1(alice, used)]);
      expect(await store.discard(mine, bob.id)).toBe(false);
      expect(await store.discard(used, alice.id)).toBe(false);
      expect(await store.discard(mine, alice.id)).toBe(true);
      expect(await store.discard(mine, alice.id)).toBe(false);
      expect(await engine.log.append([say1(alice, mine)])).toMatchObject([{ status: 'stale' }]);
    });

    it('gives up what is old and unused, and what belongs to nobody', async () => {
      const old = fileOf(alice, { createdAt: 10 });
      const fresh = fileOf(alice, { createdAt: 2_000 });
      const orphan = fileOf({ id: '01NOBODY', username: 'nobody' }, { createdAt: 2_000 });
      for (const file of [old, fresh, orphan]) await store.create(file, NO_QUOTA);
      const used = await ready(alice);
      await engine.log.append([say1(alice, used)]);
      await store.expire(1_500, 100);
      expect([...(await store.gone(10))].sort()).toEqual([old.id, orphan.id].sort());
      await store.forget([old.id, orphan.id, fresh.id, used]);
      expect((await store.find([fresh.id, used])).map(({ id }) => id).sort()).toEqual(
        [fresh.id, used].sort(),
      );
    });

    it('has it all after a restart', async () => {
      const id = await ready(alice);
      await engine.reopen();
      expect(await engine.attachments.find([id])).toMatchObject([{ id, content: PDF }]);
    });
  });
}
