import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock, settled } from '../../../../test/support/hand-clock.js';
import type { Access } from '../../conversations/access.js';
import { LOBBY, LOBBY_KEY } from '../../conversations/lobby.js';
import type { RoomStore } from '../../conversations/room-store.js';
import type { ChatEvent } from '../../log/event.js';
import type { KeyedPerson } from '../../log/message-change.js';
import type { MessageStore } from '../../log/message-store.js';
import type { ChangeWriter, Decided } from './change-writer.js';
import { ReactionService } from './reaction.service.js';

const NUMBERS = { id: 'id', n: 0, time: 0, isRepeated: false };

/** Notes how many reactions came in each event; nothing is stored. */
class Writer implements Pick<ChangeWriter, 'write' | 'allRepeated' | 'receiptAt'> {
  readonly sizes: number[] = [];
  /** Where another node has stored all of them. */
  elsewhere: number | null = null;

  async write(_asked: unknown, decide: () => Promise<Decided>) {
    const decided = await decide();
    if ('already' in decided) return { ...decided.already, isRepeated: true };
    const react = decided.changes.find((one) => one.op === 'react');
    this.sizes.push(react?.op === 'react' ? react.added.length : 0);
    return { ...NUMBERS, seq: this.sizes.length };
  }

  allRepeated(all: readonly unknown[]) {
    const seq = this.elsewhere;
    return Promise.resolve(all.map(() => (seq === null ? null : { ...NUMBERS, seq })));
  }

  receiptAt(_where: unknown, seq: number) {
    return Promise.resolve({ ...NUMBERS, seq });
  }
}

const message: ChatEvent = {
  ...{ conversation: LOBBY_KEY, seq: 1, n: 1, id: 'id', time: 0, to: null, kind: 'message' },
  ...{ author: { id: 'ann', username: 'ann' }, target: null, body: 'hi' },
};

describe('Reactions that gather', () => {
  let clock: HandClock;
  let writer: Writer;
  let service: ReactionService;
  let people: number;
  /** What is done before the reactions to the message are read. */
  let meanwhile: () => readonly KeyedPerson[];

  beforeEach(() => {
    clock = new HandClock();
    writer = new Writer();
    people = 0;
    meanwhile = () => [];
    const store = {
      at: () => Promise.resolve([message]),
      reactions: () => Promise.resolve(new Map()),
      reactionsOf: () => Promise.resolve(meanwhile()),
    } as unknown as MessageStore;
    const access = { require: () => Promise.resolve() } as unknown as Access;
    // Everybody is in the lobby, without rows: nobody asks for them.
    const rooms = {} as RoomStore;
    service = new ReactionService(writer as unknown as ChangeWriter, store, access, rooms, clock);
  });

  /** They wait in the service when it resolves. @returns resolves when all are answered */
  async function react(count: number): Promise<() => Promise<unknown>> {
    const where = { conversation: LOBBY_KEY, other: null, name: LOBBY, from: 1 };
    const wishes = Array.from({ length: count }, () => {
      const id = `person ${String(people++)}`;
      const asked = { person: { id, username: id }, in: where, ref: null };
      return service.react(asked, 1, { key: '👍', op: 'add' });
    });
    const all = Promise.all(wishes);
    await settled();
    return () => all;
  }

  it('are stored at the end of the turn among few', async () => {
    service.measureBy(() => 300);
    const all = await react(3);
    await clock.pass(0);
    await all();
    expect(writer.sizes).toEqual([3]);
  });

  it('gather for a quarter of a second in a crowd', async () => {
    service.measureBy(() => 301);
    const first = await react(2);
    await clock.pass(249);
    const second = await react(3);
    expect(writer.sizes).toEqual([]);
    await clock.pass(1);
    await Promise.all([first(), second()]);
    expect(writer.sizes).toEqual([5]);
  });

  it('are five hundred in one event at the most', async () => {
    const all = await react(501);
    await clock.pass(0);
    await clock.pass(0);
    await all();
    expect(writer.sizes).toEqual([500, 1]);
  });

  it('are refused where ten thousand wait', async () => {
    service.measureBy(() => 301);
    const all = await react(10_000);
    await clock.pass(0);
    const late = react(1);
    await expect(late.then((answer) => answer())).rejects.toMatchObject({ code: 'busy' });
    await service.flush();
    service.measureBy(() => 0);
    await clock.pass(300, 10);
    await all();
    expect(writer.sizes.reduce((sum, size) => sum + size, 0)).toBe(10_000);
  });

  it('that another node stores while they are decided have its number', async () => {
    meanwhile = () => {
      writer.elsewhere = 7;
      return [{ key: '👍', person: 'person 0' }];
    };
    const all = await react(1);
    await clock.pass(0);
    expect(await all()).toMatchObject([{ seq: 7 }]);
    expect(writer.sizes).toEqual([]);
  });

  it('do not wait where the service is about to stop', async () => {
    service.measureBy(() => 301);
    const all = await react(4);
    await clock.pass(0);
    await service.flush();
    await all();
    expect(writer.sizes).toEqual([4]);
    expect(clock.waiting).toBe(0);
  });
});
