import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HandClock } from '../../../test/support/hand-clock.js';
import type { Person } from '../../kernel/person.js';
import { type ConversationKey, directKey } from '../conversations/key.js';
import { LOBBY_KEY } from '../conversations/lobby.js';
import type { Behind, MarkStore, ReadMark, ReadState } from './mark-store.js';
import { ReadMarks, type ReadPosition } from './read-marks.js';

const ANN: Person = { id: 'ann', username: 'ann' };
const BEN: Person = { id: 'ben', username: 'ben' };
const BY = { person: ANN, connectionId: 'c1' };
const WITH_BEN = directKey('ann', 'ben');

/** Knows one person's marks; fails where it is told to. */
class Store {
  head = 100;
  readonly read = new Map<ConversationKey, number>();
  readonly written: string[][] = [];
  failures = 0;
  /** What a write waits for. */
  hold: Promise<void> = Promise.resolve();

  async moveRead(marks: readonly ReadMark[]): Promise<void> {
    await this.hold;
    if (this.failures-- > 0) throw new Error('on purpose');
    this.written.push(marks.map(({ conversation, seq }) => `${conversation} ${seq}`));
    for (const { conversation, seq } of marks) this.read.set(conversation, seq);
  }

  setReadBack({ conversation, seq }: ReadMark): Promise<void> {
    this.written.push([`back ${conversation} ${seq}`]);
    this.read.set(conversation, seq);
    return Promise.resolve();
  }

  /** Nothing is deleted, and nobody mentioned. */
  behind(): Promise<Behind> {
    return Promise.resolve({ deleted: 0, mentions: 0 });
  }

  readStates(
    _personId: string,
    keys: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, ReadState>> {
    const { head } = this;
    const stateOf = (key: ConversationKey): ReadState => {
      const read = this.read.get(key) ?? 0;
      return { head, n: head, read, readN: read, deleted: 0, mentions: 0 };
    };
    return Promise.resolve(new Map(keys.map((key) => [key, stateOf(key)])));
  }
}

describe('The marks of what was read', () => {
  let clock: HandClock;
  let store: Store;
  let marks: ReadMarks;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  beforeEach(() => {
    clock = new HandClock();
    store = new Store();
    marks = new ReadMarks(store as unknown as MarkStore, clock, clock);
  });

  async function read(seq: number, conversation = LOBBY_KEY): Promise<ReadPosition | undefined> {
    const [other, name] = conversation === WITH_BEN ? [BEN, '@ben'] : [null, 'lobby'];
    return (await marks.readUpTo(BY, [{ conversation, name, other, seq }]))[0];
  }

  it('are written once a second, the highest of each person and conversation', async () => {
    for (const seq of [1, 3, 2]) await read(seq);
    await read(7, WITH_BEN);
    marks.noteWritten('ann', LOBBY_KEY, 5);
    await clock.pass(999);
    expect(store.written).toEqual([]);
    await clock.pass(1);
    expect(store.written).toEqual([[`${LOBBY_KEY} 5`, `${WITH_BEN} 7`]]);
    await clock.pass(10_000, 1_000);
    expect(store.written).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it('are known before they are written, and tell only of what moves', async () => {
    const told: string[] = [];
    const end = marks.onMoved((by, position, direction) => {
      told.push(`${by.connectionId} ${position?.seq ?? 'all'} ${direction}`);
    });
    expect(await read(40)).toMatchObject({ seq: 40, unread: 60 });
    expect(await read(30)).toMatchObject({ seq: 40, unread: 60 });
    expect(await read(1_000)).toMatchObject({ seq: 100, unread: 0 });
    expect(told).toEqual(['c1 40 forward', 'c1 100 forward']);
    end();
    await read(100);
    expect(told).toHaveLength(2);
  });

  it('are set back at once, and what waited or is being written does not undo it', async () => {
    await read(80);
    await clock.pass(1_000);
    await read(90);
    const target = { conversation: LOBBY_KEY, name: 'lobby', other: null };
    expect(await marks.setBack(BY, target, 31)).toMatchObject({ seq: 30, unread: 70 });
    await clock.pass(2_000, 1_000);
    expect(store.written).toEqual([[`${LOBBY_KEY} 80`], [`back ${LOBBY_KEY} 30`]]);
    expect(await read(20)).toMatchObject({ seq: 30, unread: 70 });
    expect(await read(35)).toMatchObject({ seq: 35, unread: 65 });
  });

  it('are known for as long as the store takes to write them', async () => {
    let release: () => void = () => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    await read(80);
    await clock.pass(5_000, 1_000);
    expect(await read(20)).toMatchObject({ seq: 80, unread: 20 });
    release();
    await clock.pass(5_000, 1_000);
    expect(store.written).toEqual([[`${LOBBY_KEY} 80`]]);
    expect(clock.waiting).toBe(0);
  });

  it('that another node set back are forgotten here', async () => {
    await read(80);
    store.read.set(LOBBY_KEY, 10);
    marks.forget('ann', LOBBY_KEY);
    expect(await read(5)).toMatchObject({ seq: 10, unread: 90 });
    await clock.pass(5_000, 1_000);
    expect(store.written).toEqual([]);
  });

  it('that another node set back unheard are believed again a second after they were written', async () => {
    await read(80);
    await clock.pass(1_000);
    store.read.set(LOBBY_KEY, 10);
    expect(await read(5)).toMatchObject({ seq: 80 });
    await clock.pass(1_000);
    expect(await read(5)).toMatchObject({ seq: 10 });
  });

  it('are tried again where the store failed', async () => {
    store.failures = 2;
    await read(80);
    await clock.pass(3_000, 1_000);
    expect(store.written).toEqual([[`${LOBBY_KEY} 80`]]);
  });

  it('are written at once when the service stops, and its timer ends', async () => {
    await read(80);
    await marks.write();
    expect(store.written).toEqual([[`${LOBBY_KEY} 80`]]);
    marks.onApplicationShutdown();
    expect(clock.waiting).toBe(0);
  });
});
