import type { MessageFrame, RoomState } from '@parley/protocol';
import { type Conversation, partnerOf } from '../conversation.js';
import type { May, Role } from '../room-calls.js';
import type { ConversationSummary } from '../rest.js';
import type { TypingPeople } from '../typing.js';
import type { ReadPosition } from '../unread.js';
import { MemberList } from './member-list.js';
import { MessageWindow } from './message-window.js';
import { latest, type Versioned } from './versioned.js';

/** A conversation as it is at present. Immutable: each change makes a new one. */
export interface ConversationState {
  readonly name: Conversation;
  /** What it is called for people; null where its name has to do. */
  readonly title: string | null;
  /** Null in private, and until it is known. */
  readonly room: RoomState | null;
  /** What the person is in it; null until it is known. */
  readonly role: Role | null;
  /** What the person may do there, as the last list told. */
  readonly may: May;
  /** The highest number that is known. */
  readonly seq: number;
  /** The last number that was read. */
  readonly read: number;
  readonly unread: number;
  readonly mentions: number;
  readonly level: ConversationSummary['level'];
  readonly last: ConversationSummary['last'];
  /** Who else is typing. */
  readonly typing: Pick<TypingPeople, 'people' | 'total'>;
  /** How many are in it, where that is known: in a large room no list tells. */
  readonly memberCount: number | null;
}

const NOBODY = { people: [], total: 0 };

/** What is known of one conversation, folded from lists, pages and frames in whatever order. */
export class ConversationRecord {
  readonly members = new MemberList();
  readonly messages: MessageWindow;
  typing: ConversationState['typing'] = NOBODY;
  memberCount: number | null = null;
  private seq = 0;
  private title: Versioned<string | null> | null = null;
  private room: Versioned<RoomState> | null = null;
  private role: Versioned<Role> | null = null;
  private last: Versioned<ConversationSummary['last']> | null = null;
  private listed: Versioned<Pick<ConversationSummary, 'mentions' | 'level' | 'me'>> | null = null;
  private shown: ConversationState | null = null;

  constructor(
    private name: Conversation,
    capacity: number,
  ) {
    this.messages = new MessageWindow(capacity);
  }

  /** @param position how far it was read; the same object until something changes comes out */
  state(position: ReadPosition | undefined): ConversationState {
    const { seq: read = 0, unread = 0 } = position ?? {};
    const { name, seq, typing, memberCount } = this;
    if (this.shown?.read === read && this.shown.unread === unread) return this.shown;
    this.shown = {
      ...{ name, seq, read, unread, typing, memberCount },
      title: this.title?.value ?? null,
      room: this.room?.value ?? null,
      role: this.role?.value ?? null,
      may: this.listed?.value.me.may ?? [],
      mentions: unread === 0 ? 0 : (this.listed?.value.mentions ?? 0),
      level: this.listed?.value.level ?? 'all',
      last: this.last?.value ?? null,
    };
    return this.shown;
  }

  /** Something of it has changed. */
  touch(): void {
    this.shown = null;
  }

  rename(name: Conversation): void {
    this.name = name;
    this.touch();
  }

  /** It goes up to this number. */
  reach(seq: number): void {
    this.seq = Math.max(this.seq, seq);
    this.touch();
  }

  listedAs(summary: ConversationSummary): void {
    const { seq: at, title, mentions, level, me, last } = summary;
    this.reach(at);
    this.title = latest(this.title, { at, value: title });
    this.role = latest(this.role, { at, value: me.role });
    this.listed = latest(this.listed, { at, value: { mentions, level, me } });
    if (last !== null) this.last = latest(this.last, { at: last.seq, value: last });
  }

  said({ user, data, seq, time }: MessageFrame): void {
    this.reach(seq);
    this.last = latest(this.last, { at: seq, value: { user, data, seq, time } });
  }

  described(room: RoomState, at: number): void {
    this.reach(at);
    this.room = latest(this.room, { at, value: room });
    this.title = latest(this.title, { at, value: room.title });
  }

  given(role: Role, at: number): void {
    this.reach(at);
    this.role = latest(this.role, { at, value: role });
  }

  /** Its log ends at a lower number: it was restored, and everything may be otherwise. */
  goBack(head: number): void {
    [this.title, this.room, this.role, this.last, this.listed] = [null, null, null, null, null];
    this.seq = head;
    this.messages.cut(head);
    this.touch();
  }

  get isRoom(): boolean {
    return partnerOf(this.name) === null;
  }
}
