import type { MessageFrame } from '@parley/protocol';
import { Access } from '../../src/chat/conversations/access.js';
import type { ConversationStore } from '../../src/chat/conversations/conversation-store.js';
import { type ConversationKey, parseKey } from '../../src/chat/conversations/key.js';
import { LOBBY_ROOM } from '../../src/chat/conversations/lobby.js';
import type { Membership, Room } from '../../src/chat/conversations/room.js';
import { RoomBook } from '../../src/chat/conversations/room-book.js';
import type { RoomSnapshot, RoomStore } from '../../src/chat/conversations/room-store.js';
import { LiveFeed } from '../../src/chat/feed/live-feed.js';
import type { ChatEvent, StoredBody } from '../../src/chat/log/event.js';
import { DeliveryMarks } from '../../src/chat/marks/delivery-marks.js';
import type { MarkStore } from '../../src/chat/marks/mark-store.js';
import { loadSettings } from '../../src/config/load.js';
import { MemoryMessageBus } from '../../src/engines/memory/memory-message-bus.js';
import { NoLimitExchange } from '../../src/engines/memory/no-limit-exchange.js';
import { ConnectionRegistry } from '../../src/gateway/connections/connection-registry.js';
import { Connection } from '../../src/gateway/connections/connection.js';
import { Backpressure } from '../../src/gateway/delivery/backpressure.js';
import { RoomChannels } from '../../src/gateway/delivery/room-channels.js';
import { RoomMoves } from '../../src/gateway/delivery/room-moves.js';
import { BookKeeper } from '../../src/chat/rooms/book-keeper.js';
import { RoomsOfPeople } from '../../src/chat/rooms/rooms-of-people.js';
import { Hub } from '../../src/gateway/delivery/hub.js';
import { PrivateDelivery } from '../../src/gateway/delivery/private-delivery.js';
import { NativeFormat } from '../../src/gateway/transports/ws/native-format.js';
import type { Person } from '../../src/kernel/person.js';
import { Turn } from '../../src/kernel/turn.js';
import { HandChannel } from './hand-channel.js';
import { HandClock } from './hand-clock.js';
import { HandLog } from './hand-log.js';
import { HandMarks } from './hand-marks.js';

const FORMAT = new NativeFormat(8);
/** They are only asked for where the bus may lose something. */
const NO_CONVERSATIONS: ConversationStore = {
  directs: () => Promise.resolve([]),
  activeDirects: () => Promise.resolve([]),
};

const MEMBER: Membership = { role: 'member', joined: 0, left: null };
/** Of a store of rooms, as much as is asked for: it has one, where {@link HandNode.keep} was called. */
class HandRooms {
  room: Room | null = null;
  place: Membership | null = null;

  /** What is asked for when a room is opened; the answer is that of the moment of asking. */
  snapshot: RoomSnapshot | null = null;
  /** Called while such an answer is on its way. */
  onAsked: () => void = () => undefined;

  async snapshots(): Promise<readonly RoomSnapshot[]> {
    const { snapshot } = this;
    await Promise.resolve();
    this.onAsked();
    return snapshot === null ? [] : [snapshot];
  }

  byName(): Promise<Room | null> {
    return Promise.resolve(this.room);
  }

  membership(): Promise<Membership | null> {
    return Promise.resolve(this.place);
  }
}

/** It may be late, as between several nodes. */
export class LateBus extends MemoryMessageBus {
  override readonly isLossless: boolean = false;
}

/** A person's connection, and what was written to it. */
export class HandMember {
  readonly channel = new HandChannel();
  readonly connection: Connection;

  constructor(person: Person, resumes: boolean, hub: Hub) {
    const identity = { user: person, sessionId: person.id, expiresAt: Infinity };
    const { gather } = hub;
    this.connection = new Connection(
      ...([person.id, identity, '::1', FORMAT, this.channel, resumes, gather] as const),
    );
  }

  /** The messages that it was written, in their order: `dev 1`, in private `@ann 1`. */
  get told(): readonly string[] {
    const frames = this.channel.written.matchAll(/\{"type":[23],"user":\{.*?"time":\d+\}/g);
    return [...frames].map(([text]) => {
      const frame = JSON.parse(text) as MessageFrame;
      const where = 'room' in frame ? frame.room : `@${frame.user.username}`;
      return `${where} ${frame.seq}`;
    });
  }
}

/**
 * What a node delivers with, over a bus that loses nothing, unless it is to be late: all of it real, but for
 * the log, the marks, the sockets and the time.
 */
export class HandNode {
  readonly clock = new HandClock();
  readonly log = new HandLog();
  readonly marks = new HandMarks();
  /** Nothing else of the store is asked for. */
  readonly markStore = this.marks as unknown as MarkStore;
  readonly deliveryMarks = new DeliveryMarks(this.markStore, this.clock);
  readonly settings = loadSettings({ RESUME_RATE: '0', MAX_SEND_QUEUE_BYTES: '65536' });
  readonly rooms = new HandRooms();
  /** Nothing else of it is asked for. */
  readonly roomStore = this.rooms as unknown as RoomStore;
  readonly book = new RoomBook(this.settings);
  readonly access = new Access(this.book, this.roomStore);
  readonly registry = new ConnectionRegistry(new NoLimitExchange(), this.settings);
  readonly channels: RoomChannels;
  readonly moves: RoomMoves;
  readonly hub: Hub;
  readonly bus: MemoryMessageBus;

  constructor({ isLate = false } = {}) {
    this.bus = isLate ? new LateBus() : new MemoryMessageBus();
    const { access, book, clock, registry, roomStore, settings } = this;
    const backpressure = new Backpressure(settings);
    const feed = new LiveFeed(this.bus, this.log, NO_CONVERSATIONS, clock, clock);
    this.channels = new RoomChannels(feed, book, roomStore, backpressure, clock);
    this.moves = new RoomMoves(
      ...([this.channels, registry, book, new BookKeeper(book)] as const),
      new RoomsOfPeople(roomStore, this.bus, clock),
    );
    const inPrivate = new PrivateDelivery(registry, access, this.deliveryMarks, backpressure);
    this.hub = new Hub(
      ...([feed, registry, this.channels, this.moves, inPrivate, access, backpressure] as const),
      ...([clock, new Turn(clock, clock), settings] as const),
    );
  }

  /** The hub starts, which opens the lobby. */
  start(): Promise<void> {
    return this.soon(this.hub.onModuleInit());
  }

  /** Opens rooms, each on somebody's account. */
  async open(...keys: readonly ConversationKey[]): Promise<void> {
    for (const key of keys) this.found(key);
    await this.soon(Promise.all(keys.map((key) => this.channels.keep(key))));
  }

  /** Lets time stand, and turns pass, until something is done. */
  async soon<Result>(work: Promise<Result>): Promise<Result> {
    const state: { isDone: boolean } = { isDone: false };
    const done = (): void => {
      state.isDone = true;
    };
    work.then(done, done);
    while (!state.isDone) await this.clock.pass(0);
    return work;
  }

  /** A room of that id, by which it is also named. */
  found(key: ConversationKey): void {
    this.book.learn(roomOf(key));
  }

  /** A room as the store has it, up to that number. */
  stored(key: ConversationKey, members: number, head: number): void {
    this.rooms.snapshot = { room: { ...roomOf(key), members }, head };
  }

  /** Somebody's place in a room, as the store has it. */
  keep(key: ConversationKey, place: Membership): void {
    this.rooms.room = roomOf(key);
    this.rooms.place = place;
  }

  /** Connects a person, who is in these rooms. @param resumes it asks for what it missed by itself */
  connect(person: Person, rooms: readonly ConversationKey[] = [], resumes = false): HandMember {
    const member = new HandMember(person, resumes, this.hub);
    this.registry.add(member.connection);
    this.book.settle(person.id, new Map(rooms.map((room) => [room, MEMBER])));
    for (const room of rooms) this.hub.join(member.connection, room);
    return member;
  }

  /** Says something that is stored, and comes live. */
  say(author: Person, where: ConversationKey | Person, said?: StoredBody): ChatEvent {
    const event = this.log.say(author, where, said);
    void this.bus.publish([{ ...event, origin: '' }]);
    return event;
  }
}

function roomOf(key: ConversationKey): Room {
  const parsed = parseKey(key);
  const id = parsed.kind === 'room' ? parsed.roomId : '';
  return { ...LOBBY_ROOM, id, key, name: id };
}
