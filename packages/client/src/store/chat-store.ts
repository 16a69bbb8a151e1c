import { FrameType, type Person } from '@parley/protocol';
import type { ChatClient } from '../chat-client.js';
import type { OtherEntry } from '../chat-events.js';
import { type Conversation, directWith } from '../conversation.js';
import type { Member, Page, PageOptions, Room } from '../room-calls.js';
import { RoomCalls } from '../room-calls.js';
import type { ConversationsPage, ConversationSummary, HistoryPage, PageQuery } from '../rest.js';
import { RestError } from '../rest.js';
import { SessionOver } from '../token-session.js';
import { Unread } from '../unread.js';
import { ConversationRecord, type ConversationState } from './conversation-record.js';
import type { RoomMember } from './member-list.js';
import type { Message } from './message-state.js';

/** What changed: a conversation; null: which there are. */
export type StoreListener = (changed: Conversation | null) => void;

export interface ChatStoreOptions {
  /** Messages that are kept of each conversation, the newest: 200 unless given. */
  readonly messages?: number;
}

/** What the store needs of a client. */
export type StoreClient = Pick<
  ChatClient,
  'events' | 'read' | 'self' | 'position' | 'learn' | 'ask'
>;

const LIST_PAGE = 200;
/** Pages of the list of conversations: more than a person may have rooms. */
const MOST_PAGES = 20;

/**
 * The present state of a person's chat, for an interface to show: conversations with what is unread,
 * messages with what became of them, who is in a room and who is typing. It follows a client, and
 * reads the list of conversations after each connection and whenever the person's rooms change.
 *
 * Whatever it is given, the state of the highest number wins: frames and pages may come twice, late or
 * in any order. States are immutable; the same object comes out until something in it changes.
 */
export class ChatStore {
  /** Moves the marks of what was read. */
  readonly unread: Unread;
  private readonly records = new Map<Conversation, ConversationRecord>();
  private readonly listeners = new Set<StoreListener>();
  private readonly capacity: number;
  /** Rooms that a list that is being read has to name, or they are over. */
  private unconfirmed = new Set<Conversation>();
  /** There is a new connection, over which what was missed has not come yet. */
  private isCatchingUp = false;
  private refreshing: Promise<void> | null = null;
  private isStale = false;

  constructor(
    private readonly client: StoreClient,
    { messages = 200 }: ChatStoreOptions = {},
  ) {
    this.capacity = messages;
    this.unread = new Unread(client);
    this.follow();
  }

  /** @returns ends it */
  subscribe(listener: StoreListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** All conversations, latest first. */
  conversations(): readonly ConversationState[] {
    const all = [...this.records.keys()].map((name) => this.conversation(name));
    return all
      .filter((one) => one !== undefined)
      .sort((one, next) => (next.last?.time ?? 0) - (one.last?.time ?? 0));
  }

  /** @returns undefined where it is not known */
  conversation(name: Conversation): ConversationState | undefined {
    return this.records.get(name)?.state(this.unread.get(name));
  }

  /** The newest messages that are known, ascending. */
  messages(name: Conversation): readonly Message[] {
    return this.records.get(name)?.messages.list ?? [];
  }

  /** Who is known to be in a room: all where {@link loadMembers} has come to its end. */
  members(room: Conversation): readonly RoomMember[] {
    return this.records.get(room)?.members.list ?? [];
  }

  /** Reads a page of messages. @throws SessionOver, RestError */
  async loadMessages(name: Conversation, query: PageQuery = {}): Promise<HistoryPage> {
    const page = await this.client.ask((rest, token) => rest.page(token, name, query));
    const record = this.record(name);
    for (const frame of page.items) record.messages.add(frame, page.head);
    record.reach(page.head);
    this.tell(name);
    return page;
  }

  /** Reads a page of who is in a room. @throws SessionOver, RestError */
  async loadMembers(room: Conversation, options: PageOptions = {}): Promise<Page<Member>> {
    const at = this.client.position(room) ?? 0;
    const page = await this.client.ask((rest, token) =>
      new RoomCalls(rest, token).members(room, options),
    );
    this.record(room).members.learn(page.items, at);
    this.tell(room);
    return page;
  }

  /** Reads what a room is. @throws SessionOver, RestError */
  async loadRoom(name: Conversation): Promise<Room> {
    const at = this.client.position(name) ?? 0;
    const room = await this.client.ask((rest, token) => new RoomCalls(rest, token).get(name));
    const record = this.record(name);
    record.described(room, at);
    if (room.me !== null) record.given(room.me.role, at);
    record.memberCount = room.members;
    this.tell(name);
    return room;
  }

  /**
   * Reads the list of conversations anew. Calls during one that is under way join the next.
   * Where the service cannot be asked, the next connection asks.
   */
  async refresh(): Promise<void> {
    this.isStale = true;
    this.refreshing ??= this.refreshWhileStale().finally(() => (this.refreshing = null));
    await this.refreshing;
  }

  private async refreshWhileStale(): Promise<void> {
    try {
      while (this.isStale) {
        this.isStale = false;
        await this.readList();
      }
    } catch (error) {
      if (!(error instanceof RestError) && !(error instanceof SessionOver)) throw error;
    }
  }

  private async readList(): Promise<void> {
    const rooms = [...this.records].filter(([, { isRoom }]) => isRoom);
    const unconfirmed = new Set(rooms.map(([name]) => name));
    this.unconfirmed = unconfirmed;
    let after: string | undefined;
    for (let count = 0; count < MOST_PAGES; count++) {
      const page: ConversationsPage = await this.client.ask((rest, token) =>
        rest.conversations(token, LIST_PAGE, after),
      );
      for (const item of page.items) this.list(item);
      if (page.next === null) {
        for (const name of unconfirmed) this.records.delete(name);
        this.tell(null);
        return;
      }
      after = page.next;
    }
  }

  private list(item: ConversationSummary): void {
    const name = item.user === undefined ? item.room : directWith(item.user.username);
    if (name === undefined) return;
    this.unconfirmed.delete(name);
    this.record(name).listedAs(item);
    this.client.learn(name, item.seq);
    this.unread.learn(item);
    this.tell(name);
  }

  private follow(): void {
    const { events } = this.client;
    events.on('message', ({ conversation, frame }) => {
      const record = this.record(conversation);
      record.messages.add(frame);
      record.said(frame);
      this.tell(conversation);
    });
    events.on('entry', ({ conversation, frame }) => {
      this.take(conversation, frame);
    });
    events.on('typing', ({ conversation, people, total }) => {
      const record = this.records.get(conversation);
      if (record === undefined) return;
      record.typing = { people, total };
      this.touched(conversation, record);
    });
    events.on('count', ({ room, data }) => {
      const record = this.records.get(room);
      if (record === undefined) return;
      record.memberCount = data.members;
      this.touched(room, record);
    });
    this.followLists();
    this.unread.events.on('changed', ({ conversation }) => {
      this.tell(conversation);
    });
  }

  private followLists(): void {
    const { events } = this.client;
    const refresh = (): void => void this.refresh();
    events.on('state', ({ name }) => {
      this.isCatchingUp = name === 'online';
    });
    events.on('current', () => {
      if (this.isCatchingUp) refresh();
      this.isCatchingUp = false;
    });
    events.on('notice', refresh);
    events.on('skipped', ({ conversation }) => {
      this.records.get(conversation)?.messages.clear();
      refresh();
    });
    events.on('reset', ({ conversation, head }) => {
      this.records.get(conversation)?.goBack(head);
      refresh();
    });
    events.on('left', ({ conversation }) => {
      if (this.records.delete(conversation)) this.tell(null);
    });
    events.on('renamed', ({ conversation, was }) => {
      const record = this.records.get(was);
      if (record === undefined) return;
      this.records.delete(was);
      this.records.set(conversation, record);
      record.rename(conversation);
      this.tell(null);
    });
  }

  private take(conversation: Conversation, frame: OtherEntry): void {
    const record = this.record(conversation);
    record.reach(frame.seq);
    switch (frame.type) {
      case FrameType.Join:
      case FrameType.Part:
      case FrameType.Member:
        record.members.take(frame);
        if (frame.type === FrameType.Member && frame.member.id === this.client.self.id) {
          record.given(frame.data.role, frame.seq);
        }
        this.placed(frame.type === FrameType.Member ? frame.member : frame.user, conversation);
        break;
      case FrameType.Room:
        record.described(frame.data, frame.seq);
        // What everybody may do can be otherwise.
        void this.refresh();
        break;
      case FrameType.Edit:
      case FrameType.Deletion:
      case FrameType.Reaction:
      case FrameType.Pin:
        record.messages.change(frame, this.client.self.id);
    }
    this.tell(conversation);
  }

  /** One's own place in a room has changed: what one may do there is told by the list. */
  private placed({ id }: Person, conversation: Conversation): void {
    if (id !== this.client.self.id) return;
    this.unconfirmed.delete(conversation);
    void this.refresh();
  }

  private record(name: Conversation): ConversationRecord {
    const known = this.records.get(name);
    if (known !== undefined) return known;
    const made = new ConversationRecord(name, this.capacity);
    this.records.set(name, made);
    return made;
  }

  private touched(name: Conversation, record: ConversationRecord): void {
    record.touch();
    this.tell(name);
  }

  private tell(changed: Conversation | null): void {
    for (const listener of this.listeners) listener(changed);
  }
}
