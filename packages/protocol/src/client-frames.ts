import type { FrameType } from './frame-type.js';

/** Fields of every frame that a client sends. */
interface Command {
  /**
   * The client's own mark, 1 to 64 characters: whatever answers the frame carries it. On a message
   * it makes sending idempotent, since one author's `ref` stands for one message.
   */
  readonly ref?: string;
}

/** Asks who is online; a {@link GroupListFrame} answers. */
export interface GroupListCommand extends Command {
  readonly type: typeof FrameType.GroupList;
}

/** Says something in a room. With a `ref`, an {@link AckFrame} tells that it is stored. */
export interface GroupChatCommand extends Command {
  readonly type: typeof FrameType.GroupChat;
  /** The text: 1 to `limits.text` code points, something of which can be seen. */
  readonly data: string;
  /** `lobby` unless given. */
  readonly room?: string;
}

/** Says something to one person. With a `ref`, an {@link AckFrame} tells that it is stored. */
export interface SingleChatCommand extends Command {
  readonly type: typeof FrameType.SingleChat;
  /** The recipient's name, in any case or width. */
  readonly to: string;
  /** The text: 1 to `limits.text` code points, something of which can be seen. */
  readonly data: string;
}

/**
 * "I have everything up to here." What was missed comes as ordinary frames, and then a
 * {@link SyncFrame} closes it.
 */
export interface SyncCommand extends Command {
  readonly type: typeof FrameType.Sync;
  /**
   * The highest `seq` that the client has, by conversation: a room's name, or `@` and the other
   * person's name. At most 200; none is fine.
   */
  readonly data: Readonly<Record<string, number>>;
}

/** Brings a fresh access token of the same person; a {@link RenewFrame} answers. */
export interface RenewCommand extends Command {
  readonly type: typeof FrameType.Renew;
  /** The access token. */
  readonly data: string;
}

/** Has read one conversation up to a number: a room, or the one with a person. */
export interface ReadOneCommand extends Command {
  readonly type: typeof FrameType.Read;
  /** `lobby` unless given, where there is no `to`. */
  readonly room?: string;
  /** The other person's name. */
  readonly to?: string;
  /** The last number that was read; with `unread`, the first that was not. */
  readonly seq: number;
  /** Sets the mark back. Without it a mark only moves forward. */
  readonly unread?: boolean;
}

/** Has read several conversations, or all of them. */
export interface ReadManyCommand extends Command {
  readonly type: typeof FrameType.Read;
  /**
   * The last number that was read, by conversation: a room's name, or `@` and the other person's
   * name. At most 200. `"all"`: every conversation up to its head.
   */
  readonly data: Readonly<Record<string, number>> | 'all';
}

/** Moves marks of what was read. With a `ref`, a frame of the same type answers. */
export type ReadCommand = ReadOneCommand | ReadManyCommand;

/**
 * "I am typing here", and again every few seconds for as long as it is so: more often than every 3 s
 * in one conversation it is ignored. Nothing answers it but a Reject.
 */
export interface TypingCommand extends Command {
  readonly type: typeof FrameType.Typing;
  /** `lobby` unless this or `to` is given; not both. */
  readonly room?: string;
  /** The other person's name, in any case or width. */
  readonly to?: string;
  /** No longer. */
  readonly data?: false;
}

/** Everything that a client says. A field that a type doesn't have is refused by the service. */
export type ClientFrame =
  | GroupListCommand
  | GroupChatCommand
  | SingleChatCommand
  | SyncCommand
  | RenewCommand
  | TypingCommand
  | ReadCommand;
