import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HandClock } from '../../../test/support/hand-clock.js';
import { Distribution } from '../../kernel/metrics/distribution.js';
import { Tally } from '../../kernel/metrics/tally.js';
import type { ActiveDirect, ConversationStore } from '../conversations/conversation-store.js';
import {
  type ConversationKey,
  directKey,
  personTopic,
  roomKey,
  roomTopic,
  type Topic,
} from '../conversations/key.js';
import { LOBBY_KEY as ROOM } from '../conversations/lobby.js';
import type { ChatEvent, LiveEvent } from '../log/event.js';
import type { EventLog, PageRequest } from '../log/event-log.js';
import { type LossObserver, MessageBus } from '../log/message-bus.js';
import { LiveFeed } from './live-feed.js';

const START = 1_790_000_000_000;
const ANN = { id: 'ann', username: 'ann' };
const BEN = { id: 'ben', username: 'ben' };
const PRIVATE = directKey(ANN.id, BEN.id);

/** A bus that delivers only what the test says. */
class HandBus extends MessageBus {
  override isUp = true;
  override readonly lags = new Distribution([]);
  override readonly refused = new Tally<string>('reason', []);
  readonly topics = new Set<Topic>();
  private readonly handlers = new Set<(batch: readonly LiveEvent[]) => void>();
  private readonly observers = new Set<LossObserver>();

  constructor(override readonly isLossless: boolean) {
    super();
  }

  override publish(batch: readonly LiveEvent[]): Promise<void> {
    for (const handle of this.handlers) handle(batch);
    return Promise.resolve();
  }

  bring(...events: readonly LiveEvent[]): void {
    for (const handle of this.handlers) handle(events);
  }

  say(tell: (observer: LossObserver) => void): void {
    for (const observer of this.observers) tell(observer);
  }

  override subscribe(handler: (batch: readonly LiveEvent[]) => void): () => void {
    this.handlers.add(handler);
    return () => this.handlers.delete(handler);
  }

  override follow(topic: Topic): Promise<void> {
    this.topics.add(topic);
    return Promise.resolve();
  }

  override unfollow(topic: Topic): void {
    this.topics.delete(topic);
  }

  override observe(observer: LossObserver): () => void {
    this.observers.add(observer);
    return () => this.observers.delete(observer);
  }

  get listeners(): number {
    return this.handlers.size + this.observers.size;
  }
}

/** An in-memory log. */
class Log {
  readonly events: ChatEvent[] = [];
  reads = 0;

  heads(keys: readonly ConversationKey[]): Promise<ReadonlyMap<ConversationKey, number>> {
    return Promise.resolve(new Map(keys.map((key) => [key, this.of(key).at(-1)?.seq ?? 0])));
  }

  page(key: ConversationKey, { after, before, limit }: PageRequest): Promise<ChatEvent[]> {
    this.reads++;
    const all = this.of(key);
    return Promise.resolve(
      after === undefined
        ? all.filter(({ seq }) => seq < (before ?? Infinity)).slice(-limit)
        : all.filter(({ seq }) => seq > after).slice(0, limit),
    );
  }

  activeDirects(people: readonly string[], since: number): Promise<readonly ActiveDirect[]> {
    const last = this.of(PRIVATE).at(-1);
    const isActive = last !== undefined && last.time >= since;
    const isTheirs = people.some((id) => id === ANN.id || id === BEN.id);
    return Promise.resolve(
      isActive && isTheirs ? [{ conversation: PRIVATE, seq: last.seq, time: last.time }] : [],
    );
  }

  private of(key: ConversationKey): readonly ChatEvent[] {
    return this.events.filter(({ conversation }) => conversation === key);
  }
}

describe('What a node hears of its conversations', () => {
  let clock: HandClock;
  let bus: HandBus;
  let log: Log;
  let feed: LiveFeed;
  let heard: string[];
  let floors: Map<string, number>;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  /** @param before events that the room already holds */
  async function open({ isLossless = false, before = 0 } = {}): Promise<number> {
    clock = new HandClock(START);
    bus = new HandBus(isLossless);
    log = new Log();
    heard = [];
    floors = new Map();
    for (let seq = 1; seq <= before; seq++) stored(ROOM, seq);
    const conversations = log as unknown as ConversationStore;
    feed = new LiveFeed(bus, log as unknown as EventLog, conversations, clock, clock);
    feed.begin(
      (batch) => {
        for (const { conversation, seq } of batch) heard.push(`${conversation} ${seq}`);
      },
      (personId) => floors.get(personId) ?? null,
    );
    return openRoom(ROOM);
  }

  async function openRoom(room: ConversationKey): Promise<number> {
    return (await feed.openRooms([room])).get(room) ?? 0;
  }

  beforeEach(() => open());
  afterEach(() => feed.close());

  /** Stores an event, created now. */
  function stored(conversation: ConversationKey, seq: number, time = clock.now()): LiveEvent {
    const to = conversation.startsWith('room:') ? null : BEN;
    const body = { kind: 'message', target: null, body: 'hello' };
    const event = { conversation, seq, n: seq, id: `e${seq}`, time, author: ANN, to, ...body };
    log.events.push(event);
    return { ...event, origin: 'n.1' };
  }

  const pass = (ms: number): Promise<void> => clock.pass(ms, 50);

  it('is handed through where the bus loses nothing, and nothing is kept or asked', async () => {
    expect(await open({ isLossless: true, before: 3 })).toBe(3);
    feed.follow(ANN.id);
    bus.bring(stored(ROOM, 5), stored(ROOM, 4), stored(PRIVATE, 1));
    expect(heard).toEqual([`${ROOM} 5`, `${ROOM} 4`, `${PRIVATE} 1`]);
    expect([feed.mayLag, log.reads, clock.waiting, bus.topics.size]).toEqual([false, 0, 0, 0]);
  });

  it.each<[string, readonly number[], readonly number[], number]>([
    ['as it comes, in order', [1, 2, 3], [1, 2, 3], 0],
    ['in order, whatever the bus does', [2, 3, 1], [1, 2, 3], 0],
    ['once, however often it comes', [1, 1, 2, 1, 2, 3, 3], [1, 2, 3], 0],
    ['also what the bus lost in between', [1, 3], [1, 2, 3], 100],
    ['also what it lost at the end, within two seconds', [1], [1, 2, 3], 2_150],
    ['also where it brings nothing at all', [], [1, 2, 3], 2_150],
  ])('is a room: %s', async (_, brought, expected, afterMs) => {
    const events = new Map([1, 2, 3].map((seq) => [seq, stored(ROOM, seq)]));
    for (const seq of brought) bus.bring(...[events.get(seq)].filter((one) => one !== undefined));
    await pass(afterMs);
    expect(heard).toEqual(expected.map((seq) => `${ROOM} ${seq}`));
    expect([feed.gaps, feed.refilled]).toEqual([0, 3 - new Set(brought).size]);
  });

  it('begins behind what was stored before it opened', async () => {
    expect(await open({ before: 3 })).toBe(3);
    await pass(10_000);
    bus.bring(stored(ROOM, 4));
    expect(heard).toEqual([`${ROOM} 4`]);
  });

  it('is read soon where the bus says how far it has come, or that it lost something', async () => {
    stored(ROOM, 1);
    bus.say((observer) => observer.reached(ROOM, 1));
    await pass(150);
    expect(heard).toEqual([`${ROOM} 1`]);
    stored(ROOM, 2);
    bus.say((observer) => observer.lost(roomTopic(ROOM)));
    await pass(400);
    expect(heard).toEqual([`${ROOM} 1`, `${ROOM} 2`]);
  });

  it('is a person, from their first connection here to the last', async () => {
    feed.follow(ANN.id);
    expect([...bus.topics]).toEqual([roomTopic(ROOM), personTopic(ANN.id)]);
    await pass(10);
    bus.bring(stored(PRIVATE, 1));
    expect(heard).toEqual([`${PRIVATE} 1`]);
    feed.unfollow(ANN.id);
    expect([...bus.topics]).toEqual([roomTopic(ROOM)]);
    stored(PRIVATE, 2);
    await pass(5_000);
    expect(heard).toEqual([`${PRIVATE} 1`]);
    feed.unfollow(ANN.id);
  });

  it.each<[string, (observer: LossObserver) => void]>([
    ['of that person', (observer) => observer.lost(personTopic(ANN.id))],
    ['of anybody', (observer) => observer.lost(null)],
  ])('finds what a private conversation lost when the bus knows of a loss: %s', async (_, tell) => {
    feed.follow(ANN.id);
    await pass(3_000);
    bus.bring(stored(PRIVATE, 1));
    stored(PRIVATE, 2);
    bus.say(tell);
    await pass(400);
    expect(heard).toEqual([`${PRIVATE} 1`, `${PRIVATE} 2`]);
  });

  it('is no private message from before its people came, save what a Sync did not bring', async () => {
    for (const seq of [1, 2, 3]) stored(PRIVATE, seq, START - 60_000);
    feed.follow(ANN.id);
    await pass(1_000);
    bus.bring(stored(PRIVATE, 4));
    await pass(100);
    expect(heard).toEqual([`${PRIVATE} 4`]);
    feed.unfollow(ANN.id);
    heard.length = 0;
    floors.set(ANN.id, 2);
    feed.follow(ANN.id);
    await pass(1_000);
    bus.bring(stored(PRIVATE, 5));
    await pass(100);
    expect(heard).toEqual([3, 4, 5].map((seq) => `${PRIVATE} ${seq}`));
  });

  it('comes from the store while the bus is down', async () => {
    feed.follow(ANN.id);
    await pass(3_000);
    bus.isUp = false;
    await pass(2_000);
    stored(ROOM, 1);
    stored(PRIVATE, 1);
    await pass(500);
    expect(heard.toSorted()).toEqual([`${PRIVATE} 1`, `${ROOM} 1`]);
  });

  it('keeps a thousand conversations of a person at a time, and begins an older one anew', async () => {
    feed.follow(ANN.id);
    await pass(10);
    for (let peer = 0; peer <= 1_000; peer++) {
      bus.bring(stored(directKey(ANN.id, `peer${peer}`), 1));
    }
    expect(heard).toHaveLength(1_001);
    heard.length = 0;
    await pass(10);
    const oldest = directKey(ANN.id, 'peer0');
    bus.bring(stored(oldest, 2));
    await pass(100);
    expect(heard).toEqual([`${oldest} 2`]);
  });

  it('is as many rooms as are opened, each from where it stood, until it is closed', async () => {
    const dev = roomKey('dev');
    stored(dev, 1);
    expect(await openRoom(dev)).toBe(1);
    bus.bring(stored(dev, 2), stored(ROOM, 1));
    expect(heard).toEqual([`${dev} 2`, `${ROOM} 1`]);
    stored(dev, 3);
    bus.say((observer) => observer.lost(roomTopic(dev)));
    await pass(400);
    expect(heard.at(-1)).toBe(`${dev} 3`);
    feed.closeRoom(dev);
    expect([...bus.topics]).toEqual([roomTopic(ROOM)]);
    stored(dev, 4);
    await pass(5_000);
    expect(heard).toHaveLength(3);
  });

  it('ends with the service', async () => {
    await feed.close();
    expect([bus.listeners, clock.waiting]).toEqual([0, 0]);
  });
});
