import type {
  ListedPerson,
  MessageFrame,
  NoticeFrame,
  PresenceFrame,
  ReadFrame as MarkFrame,
  RejectFrame,
  RoomCountFrame,
} from '@parley/protocol';
import type { Conversation } from './conversation.js';
import type { OutboxEntry } from './outbox.js';
import type { LogEntry, UnknownEntry } from './read-frame.js';
import type { ConnectionState } from './reconnector.js';
import type { TypingPeople } from './typing.js';

/** An entry of a log that is no message: that somebody came or went, a change of the room. */
export type OtherEntry = Exclude<LogEntry, MessageFrame | UnknownEntry>;

export interface ChatEvents {
  state: ConnectionState;
  /** Whether an answer is seconds overdue: the open connection may be dead. */
  overdue: boolean;
  /** Each message once, in the order of its conversation. */
  message: { readonly conversation: Conversation; readonly frame: MessageFrame };
  /** Each other entry of a log that this client knows once, in the order of its conversation. */
  entry: { readonly conversation: Conversation; readonly frame: OtherEntry };
  /** A room has another name: what it was called stands for it no longer. */
  renamed: { readonly conversation: Conversation; readonly was: Conversation };
  /** The person is not in that room (any more): nothing comes of it. */
  left: { readonly conversation: Conversation };
  /** How many are in a large room, in which nobody is told who comes and goes. */
  count: RoomCountFrame;
  /** Something happened to the person's rooms, perhaps elsewhere: the list of conversations has it. */
  notice: NoticeFrame;
  /** The client has caught up. Comes after each welcome. */
  current: undefined;
  /** Too much was missed: the conversation continues after `head`. */
  skipped: { readonly conversation: Conversation; readonly head: number };
  /**
   * The conversation ends at `head`, below what was received: the service was restored from an
   * older backup. What is shown of it must be read again; it continues after `head`.
   */
  reset: { readonly conversation: Conversation; readonly head: number };
  /** Who is online: `total` people, of whom the list may hold only a part. */
  people: { readonly list: readonly ListedPerson[]; readonly total: number };
  presence: PresenceFrame;
  /** Told at each change, and again while somebody goes on; empty when the last one has stopped. */
  typing: TypingPeople;
  outbox: readonly OutboxEntry[];
  /** Somebody has read up to a number, on whatever device; {@link Unread} makes sense of one's own. */
  read: MarkFrame;
  /** A Reject of nothing that this client tracks. */
  rejected: RejectFrame;
}
