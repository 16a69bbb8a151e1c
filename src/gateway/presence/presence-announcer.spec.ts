import { beforeEach, describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { HandClock, settled } from '../../../test/support/hand-clock.js';
import { loadSettings } from '../../config/load.js';
import { MemoryPresenceStore } from '../../engines/memory/memory-presence-store.js';
import { PresenceService } from '../../presence/presence.service.js';
import type { Hub } from '../delivery/hub.js';
import type { EncodedFrame } from '../wire/encoded-frame.js';
import type { OutgoingFrame } from '../wire/frames.js';
import { NativeFormat } from '../transports/ws/native-format.js';
import { PeopleList } from './people-list.js';
import { PresenceAnnouncer } from './presence-announcer.js';

const LIST_MAX = 3;
const settings = loadSettings({ PRESENCE_LIST_MAX: String(LIST_MAX), PRESENCE_GRACE: '0' });
const format = new NativeFormat(8);

interface Told {
  readonly at: number;
  readonly frame: OutgoingFrame;
  /** The longest it may wait. */
  readonly withinMs: number;
}

describe('What a room is told of its people', () => {
  let clock: HandClock;
  let store: MemoryPresenceStore;
  let presence: PresenceService;
  let announcer: PresenceAnnouncer;
  let told: Told[];

  beforeEach(() => {
    clock = new HandClock();
    store = new MemoryPresenceStore();
    presence = new PresenceService(store, clock, clock, settings);
    told = [];
    const note = (frame: OutgoingFrame, withinMs: number): void => {
      told.push({ at: clock.time, frame, withinMs });
    };
    const hub: Pick<Hub, 'announce' | 'tell'> = {
      announce: note,
      tell: (frame: EncodedFrame, withinMs) => {
        note(JSON.parse(textOf(frame.in(format))) as OutgoingFrame, withinMs);
      },
    };
    const people = new PeopleList(presence, clock, settings);
    announcer = new PresenceAnnouncer(presence, people, hub as Hub, clock, clock, settings);
    announcer.onModuleInit();
  });

  async function come(...ids: readonly string[]): Promise<void> {
    for (const id of ids) await presence.arrive({ id, username: `name of ${id}` }, `${id}1`);
    await settled();
  }

  /** This many are here already, unannounced. */
  async function crowd(size: number): Promise<void> {
    for (let one = 0; one < size; one++) {
      await store.arrive({ id: `x${one}`, username: `x${one}` }, `x${one}`, 0);
    }
  }

  const ofType = (type: number): readonly Told[] => told.filter(({ frame }) => frame.type === type);
  const lists = (): readonly Told[] => ofType(FrameType.GroupList);

  it('is who came and who went, by name and time, within a tenth of a second', async () => {
    await come('ann');
    await clock.pass(2_000, 500);
    await presence.depart({ id: 'ann', username: 'name of ann' }, 'ann1');
    await clock.pass(0);
    expect(ofType(FrameType.Enter)).toMatchObject([
      { frame: { user: { id: 'ann', username: 'name of ann' }, time: 0 }, withinMs: 100 },
    ]);
    expect(ofType(FrameType.Leave)).toMatchObject([
      { frame: { user: { id: 'ann' }, time: 2_000 }, withinMs: 100 },
    ]);
  });

  it.each<[string, number, readonly number[]]>([
    ['at once where there was none for a second', 1_500, [0, 1_500, 3_000]],
    ['once for all who come within a second', 300, [0, 1_000]],
    ['once a second while they keep coming', 700, [0, 1_000, 2_000]],
  ])('is the whole list in a small room: %s', async (_, everyMs, expected) => {
    for (const [index, id] of ['ann', 'ben', 'cleo'].entries()) {
      if (index > 0) await clock.pass(everyMs, 100);
      await come(id);
      await clock.pass(0);
    }
    await clock.pass(5_000, 100);
    expect(lists().map(({ at }) => at)).toEqual(expected);
    expect(lists().at(-1)?.frame).toMatchObject({
      total: 3,
      data: expect.stringMatching(/^\[.*"ann".*"ben".*"cleo".*\]$/),
    });
  });

  it('is no list above the size that is set', async () => {
    await crowd(LIST_MAX);
    await come('ann');
    await clock.pass(10_000, 500);
    expect(ofType(FrameType.Enter)).toHaveLength(1);
    expect(lists()).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('is no list where the room has grown since it was put off', async () => {
    await come('ann');
    await clock.pass(0);
    await come('ben');
    await crowd(LIST_MAX);
    await clock.pass(5_000, 500);
    expect(lists()).toHaveLength(1);
  });

  it.each([
    [LIST_MAX, 1_000],
    [999, 1_000],
    [2_499, 2_500],
    [8_000, 5_000],
  ])(
    'may wait the longer the larger the room is: beside %i people %i ms',
    async (size, withinMs) => {
      await crowd(size);
      await come('ann');
      expect(told.map((one) => one.withinMs)).toEqual([withinMs]);
    },
  );

  it('is at most twenty comings and goings a second in a large room; the others are counted', async () => {
    await crowd(LIST_MAX);
    await come(...Array.from({ length: 50 }, (_, one) => `p${one}`));
    expect([told.length, announcer.untold]).toEqual([20, 30]);
    await clock.pass(500);
    await come(...Array.from({ length: 50 }, (_, one) => `q${one}`));
    expect([told.length, announcer.untold]).toEqual([30, 70]);
  });

  it('ends with the service', async () => {
    await come('ann');
    announcer.onApplicationShutdown();
    expect(clock.waiting).toBe(0);
    await come('ben');
    expect(ofType(FrameType.Enter)).toHaveLength(1);
  });
});

/** A text frame's payload: short ones have a header of two bytes, longer ones of four. */
function textOf(bytes: Buffer): string {
  return bytes.subarray((bytes[1] ?? 0) < 126 ? 2 : 4).toString('utf8');
}
