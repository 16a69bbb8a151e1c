import { beforeEach, describe, expect, it } from '@jest/globals';
import { type HandMember, HandNode } from '../../../test/support/hand-node.js';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { PersonBudget } from '../../auth/person-budget.js';
import { roomKey } from '../../chat/conversations/key.js';
import { RoomFinder } from '../../chat/conversations/room-finder.js';
import { newPart } from '../../chat/messages/kinds/part.js';
import { newRoomState } from '../../chat/messages/kinds/room.js';
import { ConversationFinder } from '../../chat/messages/conversation-finder.js';
import { NoLimitExchange } from '../../engines/memory/no-limit-exchange.js';
import type { Person } from '../../kernel/person.js';
import { CatchUpGate } from './catch-up-gate.js';
import { CatchUp, type Synced } from './catch-up.js';
import { LogReader } from './log-reader.js';
import { UndeliveredCheck } from './undelivered-check.js';

const ANN = personOf('ann');
const BEN = personOf('ben');
const CAT = personOf('cat');
const DEV = roomKey('dev');
/** As many are read from the log at a time. */
const PAGE = 200;
/** As many are brought by one Sync at most, where nothing is set. */
const MOST = 1_000;

let node: HandNode;
let catchUp: CatchUp;

beforeEach(() => setUp(new HandNode()));

async function setUp(on: HandNode): Promise<void> {
  node = on;
  const { access, book, bus, clock, hub, log, settings, markStore, deliveryMarks } = node;
  // In any case, as the directory finds them.
  const users = { findPartner: (name: string) => Promise.resolve(personOf(name.toLowerCase())) };
  catchUp = new CatchUp(
    ...([log, markStore, access, book] as const),
    new LogReader(log, book, hub, node.moves),
    new ConversationFinder(
      users as unknown as UserDirectory,
      new RoomFinder(book, node.roomStore, clock, settings),
      ...([access, bus, settings] as const),
    ),
    ...([hub, deliveryMarks, new CatchUpGate(clock, settings)] as const),
    new UndeliveredCheck(markStore, clock),
    new PersonBudget(clock, new NoLimitExchange(), settings),
    settings,
  );
  await node.start();
}

function personOf(name: string): Person {
  return { id: name, username: name };
}

/** The room is opened behind these: none of them is in memory. */
async function openBehind(count: number): Promise<void> {
  for (let i = 0; i < count; i++) node.log.say(CAT, DEV);
  await node.open(DEV);
}

/** Runs a Sync to its end, and the flush behind it. */
async function sync(
  { connection }: HandMember,
  positions: Readonly<Record<string, number>>,
): Promise<Synced> {
  const synced = await node.soon(catchUp.sync(connection, positions));
  await node.clock.pass(0);
  return synced;
}

function oneTo(last: number, first = 1, where = 'dev'): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, at) => `${where} ${first + at}`);
}

describe('A Sync of a room', () => {
  it.each<[string, number, number, number, readonly string[]]>([
    ['what came after the position', 5, 2, 1, oneTo(5, 3)],
    ['all of it, page by page', 2 * PAGE + 1, 0, 3, oneTo(2 * PAGE + 1)],
    ['a last page that is full, and sees that it was the last', PAGE, 0, 2, oneTo(PAGE)],
    ['nothing to who has everything', 5, 5, 0, []],
    ['nothing to who claims more', 5, 9, 0, []],
    ['as much as one Sync brings at most', MOST + 3, 3, 6, oneTo(MOST + 3, 4)],
  ])('brings %s', async (_, said, since, pages, told) => {
    await openBehind(said);
    const a = node.connect(ANN, [DEV]);
    expect(await sync(a, { dev: since })).toEqual({
      outcomes: { dev: { seq: said, complete: true } },
      more: false,
    });
    expect(a.told).toEqual(told);
    expect(node.log.asked.pages).toBe(pages);
    expect(catchUp.caughtUp).toBe(told.length);
  });

  it('brings none of it where too much was missed, and says where to page from', async () => {
    await openBehind(MOST + 4);
    const a = node.connect(ANN, [DEV]);
    const { outcomes } = await sync(a, { dev: 3 });
    expect(outcomes).toEqual({ dev: { seq: MOST + 4, complete: false, after: 3 } });
    node.say(CAT, DEV);
    await node.clock.pass(0);
    expect(a.told).toEqual([`dev ${MOST + 5}`]);
  });

  it('brings from memory what is there, and asks the store for nothing', async () => {
    await openBehind(2);
    for (let i = 0; i < 3; i++) node.say(CAT, DEV);
    const a = node.connect(ANN, [DEV]);
    const before = { ...node.log.asked };
    const { outcomes } = await sync(a, { dev: 3 });
    expect(outcomes).toEqual({ dev: { seq: 5, complete: true } });
    expect([a.told, node.log.asked]).toEqual([oneTo(5, 4), before]);
  });

  it.each<[string, number, number]>([
    ['in the midst of the pages', PAGE + 3, 1],
    ['at the end of the log', 3, 1],
    ['again and again', 3, 5],
  ])(
    'has no hole, and nothing twice, whatever comes live meanwhile: %s',
    async (_, said, times) => {
      await openBehind(said);
      const a = node.connect(ANN, [DEV]);
      for (let i = 0; i < times; i++) node.log.duringPages.push(() => node.say(CAT, DEV));
      const { outcomes } = await sync(a, { dev: 0 });
      expect(outcomes).toEqual({ dev: { seq: said + times, complete: true } });
      node.say(CAT, DEV);
      await node.clock.pass(0);
      expect(a.told).toEqual(oneTo(said + times + 1));
    },
  );

  it.each<[string, number]>([
    ['in the midst of the pages', PAGE + 3],
    ['behind the last one', 3],
    ['behind a full one', PAGE],
  ])('ends with the Part of who is removed meanwhile: %s', async (_, said) => {
    await openBehind(said);
    const a = node.connect(ANN, [DEV]);
    const part = newPart({ how: 'kicked', by: CAT, reason: null, text: 'went' });
    node.log.duringPages.push(() => {
      node.say(ANN, DEV, part);
      node.say(CAT, DEV);
    });
    const { outcomes } = await sync(a, { dev: 0 });
    expect(outcomes).toEqual({ dev: { seq: said + 1, complete: true } });
    expect([a.told, catchUp.caughtUp]).toEqual([oneTo(said), said + 1]);
  });

  it('ends with the Part that the client has from another node, of which this one has not heard', async () => {
    await setUp(new HandNode({ isLate: true }));
    await openBehind(3);
    const a = node.connect(ANN, [DEV]);
    const part = newPart({ how: 'kicked', by: CAT, reason: null, text: 'went' });
    node.log.say(ANN, DEV, part);
    node.log.say(CAT, DEV);
    node.keep(DEV, { role: 'member', joined: 1, left: 4 });
    const { outcomes } = await sync(a, { dev: 4 });
    expect(outcomes).toEqual({ dev: { seq: 4, complete: true } });
    expect(a.told).toEqual([]);
  });

  it('asks the store for nothing where the client has all of it, nor for what is in memory', async () => {
    await openBehind(3);
    const a = node.connect(ANN, [DEV]);
    node.log.isDown = true;
    expect((await sync(a, { dev: 3 })).outcomes).toEqual({ dev: { seq: 3, complete: true } });
    node.say(CAT, DEV);
    expect((await sync(a, { dev: 3 })).outcomes).toEqual({ dev: { seq: 4, complete: true } });
  });

  it('names the room as it is called now, also where that is not live yet', async () => {
    await openBehind(3);
    const a = node.connect(ANN, [DEV]);
    const room = { title: null, topic: null, kind: 'public', history: 'all' } as const;
    const renamed = { ...room, name: 'devs', rights: {}, archivedAt: null };
    node.log.say(CAT, DEV, newRoomState(renamed, 'dev'));
    node.log.say(CAT, DEV);
    await sync(a, { dev: 2 });
    expect(a.told).toEqual(['devs 3', 'devs 5']);
  });

  it('ends where the log cannot be read, and live events go on', async () => {
    await openBehind(3);
    const a = node.connect(ANN, [DEV]);
    node.log.duringPages.push(() => {
      throw new Error('on purpose');
    });
    await expect(sync(a, { dev: 0 })).rejects.toThrow('on purpose');
    node.say(CAT, DEV);
    await node.clock.pass(0);
    expect(a.told).toEqual(['dev 4']);
  });

  it('ends where the socket is gone', async () => {
    await openBehind(2 * PAGE);
    const a = node.connect(ANN, [DEV]);
    node.log.duringPages.push(
      () => undefined,
      () => {
        a.connection.gone();
      },
    );
    await sync(a, { dev: 0 });
    expect([a.told, node.log.asked.pages]).toEqual([oneTo(PAGE), 2]);
  });

  it('waits for a reader who has much queued before it reads on', async () => {
    await openBehind(2 * PAGE);
    const a = node.connect(ANN, [DEV]);
    let drain: () => void = () => undefined;
    a.channel.queuedBytes = 1_000_000;
    a.channel.drained = () => new Promise((resolve) => (drain = resolve));
    void catchUp.sync(a.connection, { dev: 0 });
    await node.clock.pass(0);
    expect(node.log.asked.pages).toBe(0);
    a.channel.queuedBytes = 0;
    drain();
    await node.clock.pass(0);
    expect(a.told).toEqual(oneTo(2 * PAGE));
  });

  it('brings nothing at all where one of several may not be read', async () => {
    await openBehind(3);
    const a = node.connect(ANN, [DEV]);
    await expect(sync(a, { dev: 0, ops: 0 })).rejects.toMatchObject({ code: 'not-a-member' });
    expect(a.told).toEqual([]);
  });
});

describe('A Sync of somebody who resumes', () => {
  it('brings what nobody named and no device received, once', async () => {
    for (let i = 0; i < 3; i++) node.log.say(BEN, ANN);
    node.marks.keepWaiting(ANN, BEN, 1, 3);
    const a = node.connect(ANN, [], true);
    expect(await sync(a, {})).toEqual({
      outcomes: { '@ben': { seq: 3, complete: true } },
      more: false,
    });
    expect(a.told).toEqual(['@ben 2', '@ben 3']);
    expect(a.connection.resumes).toBe(false);
    expect(await sync(a, {})).toEqual({ outcomes: {}, more: false });
  });

  it('takes the position of whoever names the conversation, the lowest of several', async () => {
    for (let i = 0; i < 3; i++) node.log.say(BEN, ANN);
    node.marks.keepWaiting(ANN, BEN, 0, 3);
    const a = node.connect(ANN, [], true);
    await sync(a, { '@BEN': 1, '@ben': 2 });
    expect(a.told).toEqual(['@ben 2', '@ben 3']);
  });

  it('brings nothing of a conversation that the client says it has', async () => {
    for (let i = 0; i < 3; i++) node.log.say(BEN, ANN);
    node.marks.keepWaiting(ANN, BEN, 0, 3);
    const a = node.connect(ANN, [], true);
    const { outcomes } = await sync(a, { '@ben': 3 });
    expect([a.told, outcomes]).toEqual([[], { '@ben': { seq: 3, complete: true } }]);
  });

  it('brings behind it what came meanwhile, in order and once', async () => {
    for (let i = 0; i < 2; i++) node.log.say(BEN, ANN);
    node.marks.keepWaiting(ANN, BEN, 0, 2);
    const a = node.connect(ANN, [], true);
    a.connection.cursors.beginArriving();
    node.say(CAT, ANN);
    node.log.duringPages.push(() => {
      node.say(BEN, ANN);
      node.say(CAT, ANN);
    });
    await sync(a, {});
    node.say(CAT, ANN);
    await node.clock.pass(0);
    expect(a.told).toEqual([...oneTo(3, 1, '@ben'), ...oneTo(3, 1, '@cat')]);
  });

  it('notes what was brought as delivered, and not what goes to a closed socket', async () => {
    for (let i = 0; i < 3; i++) node.log.say(BEN, ANN);
    node.marks.keepWaiting(ANN, BEN, 0, 3);
    const [gone, here] = [node.connect(ANN, [], true), node.connect(ANN, [], true)];
    const { conversation } = node.log.say(BEN, ANN);
    node.log.duringPages.push(() => {
      gone.connection.gone();
    });
    await sync(gone, {});
    expect(node.deliveryMarks.noted(ANN.id, conversation)).toBe(0);
    await sync(here, {});
    expect(node.deliveryMarks.noted(ANN.id, conversation)).toBe(4);
  });
});
