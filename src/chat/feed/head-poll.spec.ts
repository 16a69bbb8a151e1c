import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HandClock } from '../../../test/support/hand-clock.js';
import type { ActiveDirect } from '../conversations/conversation-store.js';
import { type ConversationKey, directKey, roomKey } from '../conversations/key.js';
import { LOBBY_KEY as ROOM } from '../conversations/lobby.js';
import { HeadPoll } from './head-poll.js';

const START = 1_790_000_000_000;
const MARGIN_MS = 30_000;

interface Question {
  readonly at: number;
  readonly people: readonly string[];
  /** How far back the query looked, from its own time (ms). */
  readonly backMs: number;
}

/** A store that records its queries, and fails when told to. */
class Store {
  /** When it was queried for rooms. */
  readonly rooms: number[] = [];
  /** The rooms it was queried for. */
  readonly asked: (readonly ConversationKey[])[] = [];
  readonly questions: Question[] = [];
  failures = 0;
  /** Called during each query. */
  meanwhile: () => void = () => undefined;
  active: ActiveDirect[] = [];

  constructor(private readonly clock: HandClock) {}

  heads(asked: readonly ConversationKey[]): Promise<ReadonlyMap<ConversationKey, number>> {
    this.rooms.push(this.clock.time);
    this.asked.push(asked);
    this.meanwhile();
    if (this.failures-- > 0) return Promise.reject(new Error('on purpose'));
    return Promise.resolve(new Map([[ROOM, 7]]));
  }

  activeDirects(people: readonly string[], since: number): Promise<readonly ActiveDirect[]> {
    this.questions.push({ at: this.clock.time, people, backMs: this.clock.now() - since });
    return Promise.resolve(this.active);
  }
}

describe('The poll of heads', () => {
  let clock: HandClock;
  let store: Store;
  let poll: HeadPoll;
  let people: string[];
  let rooms: ConversationKey[];
  let isBusUp: boolean;
  let reached: unknown[][];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  beforeEach(() => {
    clock = new HandClock(START);
    store = new Store(clock);
    people = ['ann', 'ben'];
    rooms = [ROOM];
    isBusUp = true;
    reached = [];
    poll = new HeadPoll(store, store, clock, clock, {
      rooms: () => rooms.values(),
      people: () => people.values(),
      get isBusUp() {
        return isBusUp;
      },
      reached: (...one) => reached.push(one),
    });
    poll.start();
  });

  const pass = (ms: number): Promise<void> => clock.pass(ms, 50);
  const asked = (): readonly string[] => store.questions.flatMap((one) => one.people);

  it.each<[string, () => void, readonly number[]]>([
    ['every two seconds while the bus carries', () => undefined, [2_000, 4_000]],
    [
      'four times a second while it is down',
      () => (isBusUp = false),
      [2_000, 2_250, 2_500, 2_750, 3_000, 3_250, 3_500, 3_750, 4_000],
    ],
    [
      'soon where somebody is to be looked at, and calmly again',
      () => poll.lookAtPerson('cleo'),
      [250, 2_250],
    ],
    ['soon where a room is doubted', () => poll.lookAtRoom(ROOM), [250, 2_250]],
    ['soon where everything is doubted', () => poll.lookAtAll(), [250, 2_250]],
    [
      'once, however often it is hurried',
      () => {
        for (let i = 0; i < 99; i++) poll.lookAtAll();
      },
      [250, 2_250],
    ],
  ])('asks for the rooms %s', async (_, begin, expected) => {
    begin();
    await pass(4_000);
    expect(store.rooms).toEqual(expected);
  });

  it('passes on what the store has, with the time of private messages', async () => {
    const conversation = directKey('ann', 'ben');
    store.active = [{ conversation, seq: 3, time: START }];
    await pass(2_000);
    expect(reached).toEqual([
      [ROOM, 7],
      [conversation, 3, START],
    ]);
  });

  it('asks for five hundred people at a time, in turn, and begins again at the end', async () => {
    people = Array.from({ length: 1_200 }, (_, one) => `p${one}`);
    await pass(8_000);
    expect(store.questions.map((one) => one.people.length)).toEqual([500, 500, 200, 500]);
    expect(asked().slice(0, 1_200)).toEqual(people);
    expect(store.questions.at(-1)?.people).toEqual(people.slice(0, 500));
  });

  it('asks for five hundred rooms at a time, in turn, and first for those that are doubted', async () => {
    rooms = Array.from({ length: 1_200 }, (_, one) => roomKey(`room${one}`));
    await pass(6_000);
    expect(store.asked.map(({ length }) => length)).toEqual([500, 500, 200]);
    expect(store.asked.flat()).toEqual(rooms);
    poll.lookAtRoom(roomKey('room777'));
    await pass(250);
    expect(store.asked.at(-1)?.slice(0, 2)).toEqual([roomKey('room777'), roomKey('room0')]);
  });

  it('asks first for those who are to be looked at in particular', async () => {
    people = Array.from({ length: 600 }, (_, one) => `p${one}`);
    poll.lookAtPerson('p599');
    await pass(250);
    expect(store.questions[0]?.people.slice(0, 2)).toEqual(['p599', 'p0']);
    expect(store.questions[0]?.people).toHaveLength(500);
  });

  it('looks at everybody once more where all is doubted, in haste until that is done', async () => {
    people = Array.from({ length: 1_200 }, (_, one) => `p${one}`);
    poll.lookAtAll();
    await pass(750);
    expect(new Set(asked().slice(0, 1_200))).toEqual(new Set(people));
    expect(store.rooms).toEqual([250, 500, 750]);
    await pass(1_999);
    expect(store.rooms).toHaveLength(3);
  });

  it('does not ask for people where nobody is here', async () => {
    people = [];
    await pass(4_000);
    expect([store.rooms.length, store.questions.length]).toEqual([2, 0]);
  });

  it('looks as far back as the bus was last known to carry, and half a minute more', async () => {
    await pass(10_000);
    // The bus last carried everything two seconds before.
    expect(store.questions.at(-1)?.backMs).toBe(2_000 + MARGIN_MS);
    isBusUp = false;
    await pass(60_000);
    const down = store.questions.at(-1)?.backMs ?? 0;
    expect(down).toBeGreaterThanOrEqual(60_000 + MARGIN_MS);
    isBusUp = true;
    await pass(4_000);
    expect(store.questions.at(-1)?.backMs).toBe(2_000 + MARGIN_MS);
  });

  it('does not take the bus for one that carried where it came back during a question', async () => {
    await pass(4_000);
    isBusUp = false;
    await pass(60_000);
    store.meanwhile = () => (isBusUp = true);
    await pass(500);
    expect(isBusUp).toBe(true);
    await pass(2_000);
    expect(store.questions.at(-1)?.backMs).toBeGreaterThanOrEqual(60_000 + MARGIN_MS);
    await pass(2_000);
    expect(store.questions.at(-1)?.backMs).toBe(2_000 + MARGIN_MS);
  });

  it('asks again for the same people, soon, where the store failed', async () => {
    store.failures = 2;
    await pass(2_000);
    expect(asked()).toEqual([]);
    await pass(500);
    expect(store.rooms).toEqual([2_000, 2_250, 2_500]);
    expect(new Set(asked())).toEqual(new Set(['ann', 'ben']));
    await pass(1_999);
    expect(store.rooms).toHaveLength(3);
  });

  it('stops when the question on its way has been answered, and asks nothing more', async () => {
    clock.advance(2_000);
    await poll.stop();
    expect(reached).toEqual([[ROOM, 7]]);
    poll.lookAtAll();
    await pass(10_000);
    expect(store.rooms).toEqual([2_000]);
    expect(clock.waiting).toBe(0);
  });
});
