import {
  type ChangeFrame,
  type Message,
  type MessageState,
  type OtherEntry,
  presentOf,
  type PresentFrame,
  stateOf,
} from '@parley/client';
import {
  FrameType,
  type JoinFrame,
  type MemberFrame,
  type PartFrame,
  type PresenceFrame,
  type RoomChangeFrame,
} from '@parley/protocol';

/** What happened to a room, told as a line between its messages. */
export type EventFrame = JoinFrame | PartFrame | RoomChangeFrame | MemberFrame;
/** An entry of a log. */
export type LogFrame = PresentFrame | EventFrame | ChangeFrame;

export interface MessageItem {
  readonly kind: 'message';
  readonly key: string;
  readonly seq: number;
  readonly time: number;
  readonly state: MessageState;
  /** The same object until something of it changes. */
  readonly message: Message;
}

interface EventItem {
  readonly kind: 'event';
  readonly key: string;
  readonly seq: number;
  readonly time: number;
  readonly frame: EventFrame;
}

/** Somebody came or went. */
interface NoticeItem {
  readonly kind: 'notice';
  readonly key: string;
  readonly time: number;
  readonly frame: PresenceFrame;
}

/** Something that stands in the log: an entry of it, or that somebody came or went. */
export type LogItem = MessageItem | EventItem | NoticeItem;

/** An entry of the log, those included that show nothing by themselves. */
export type TailItem = MessageItem | EventItem | { readonly kind: 'silent'; readonly seq: number };

/** @param at the head of the page that it is from; absent: it came as a frame */
export function itemOf(frame: PresentFrame, at?: number): MessageItem;
export function itemOf(frame: LogFrame): TailItem;
export function itemOf(frame: LogFrame, at?: number): TailItem {
  const { seq, time } = frame;
  const key = `m${String(seq)}`;
  if (isEvent(frame)) return { kind: 'event', key, seq, time, frame };
  if (!isMessage(frame)) return { kind: 'silent', seq };
  const state = stateOf(frame, at);
  const message = presentOf(state);
  return message === null
    ? { kind: 'silent', seq }
    : { kind: 'message', key, seq, time, state, message };
}

const EVENTS: ReadonlySet<number> = new Set([
  FrameType.Join,
  FrameType.Part,
  FrameType.Room,
  FrameType.Member,
]);

export function isEvent(frame: LogFrame | OtherEntry): frame is EventFrame {
  return EVENTS.has(frame.type);
}

export function isMessage(frame: LogFrame): frame is PresentFrame {
  return frame.type === FrameType.GroupChat || frame.type === FrameType.SingleChat;
}

export function isEntering(frame: PresenceFrame): boolean {
  return frame.type === FrameType.Enter;
}

type AnyItem = LogItem | TailItem;

export function firstSeq(items: readonly AnyItem[]): number | null {
  return items.find(hasSeq)?.seq ?? null;
}

export function lastSeq(items: readonly AnyItem[]): number {
  return items.findLast(hasSeq)?.seq ?? 0;
}

function hasSeq(item: AnyItem): item is TailItem {
  return item.kind !== 'notice';
}
