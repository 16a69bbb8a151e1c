import type { Command } from '../command.js';
import type { Person } from '../person.js';

export const READ = 11;

/** Has read one conversation up to a number: a room, or the one with a person. */
export interface ReadOneCommand extends Command {
  readonly type: typeof READ;
  /** `lobby` unless given, where there is no `to`. */
  readonly room?: string;
  /** The other person's name. */
  readonly to?: string;
  /** The number of a thread's first message: it is the thread that was read, not the conversation. */
  readonly thread?: number;
  /** The last number that was read; with `unread`, the first that was not. */
  readonly seq: number;
  /** Sets the mark back. Without it a mark only moves forward. */
  readonly unread?: boolean;
}

/** Has read several conversations, or all of them. */
export interface ReadManyCommand extends Command {
  readonly type: typeof READ;
  /**
   * The last number that was read, by conversation: a room's name, or `@` and the other person's
   * name. At most 200. `"all"`: every conversation up to its head.
   */
  readonly data: Readonly<Record<string, number>> | 'all';
}

/** Moves marks of what was read. With a `ref`, a frame of the same type answers. */
export type ReadCommand = ReadOneCommand | ReadManyCommand;

/** Where a mark stands: in a room, or in the private conversation with `to`. */
type ReadPlace = { readonly room: string } | { readonly to: string };

/**
 * The person's own mark: to the other devices at once, and to the device that moved it as the answer
 * to a `ref`. It replaces what the client knew, also where it is lower.
 */
export type OwnReadFrame = {
  readonly type: typeof READ;
  readonly ref?: string;
  readonly user: Person;
  /** The last number that was read. */
  readonly seq: number;
  /** Messages behind it. */
  readonly unread: number;
  /** Those of them that mention the person. */
  readonly mentions: number;
} & ReadPlace;

/**
 * The person's own mark in a thread: as {@link OwnReadFrame}, but for that one thread only. It has no
 * `mentions`. Of a thread that the person does not follow there is no mark: `seq` and `unread` are 0.
 */
export type ThreadReadFrame = {
  readonly type: typeof READ;
  readonly ref?: string;
  readonly user: Person;
  /** The number of the thread's first message. */
  readonly thread: number;
  /** The last number that was read of it. */
  readonly seq: number;
  /** Replies behind it that stand in the thread alone. */
  readonly unread: number;
} & ReadPlace;

/** The other person has read the private conversation up to `seq`. */
export interface ReadReceiptFrame {
  readonly type: typeof READ;
  /** Who has read. */
  readonly user: Person;
  /** The name of whoever is told. */
  readonly to: string;
  readonly seq: number;
}

/** Who has read a small room, and up to where: what one second brought. */
export interface RoomReceiptsFrame {
  readonly type: typeof READ;
  readonly room: string;
  /** The last number that was read, by the person's id. */
  readonly data: Readonly<Record<string, number>>;
}

/** Several of the person's own marks, or all: the answer, and for all also to the other devices. */
export interface OwnReadsFrame {
  readonly type: typeof READ;
  readonly ref?: string;
  readonly user: Person;
  /** Where the marks stand now, by conversation as in the command; `"all"`: each at its head. */
  readonly data: Readonly<Record<string, number>> | 'all';
}

export type ReadFrame =
  OwnReadFrame | ThreadReadFrame | ReadReceiptFrame | RoomReceiptsFrame | OwnReadsFrame;
