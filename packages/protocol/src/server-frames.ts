import type { FrameType } from './frame-type.js';
import type { RefusalCode } from './refusal-codes.js';

/** Somebody as others see them. A name can pass to another person; the id cannot. */
export interface Person {
  readonly id: string;
  readonly username: string;
}

/** The session is over; a close follows at once. */
export interface ErrorFrame {
  readonly type: typeof FrameType.Error;
  readonly user: null;
  /** For people, in the service's language. */
  readonly data: string;
  readonly code: RefusalCode;
}

/** An entry of the list of people who are online. */
export interface ListedPerson extends Person {
  /** Connections that the person has at the moment. */
  readonly connections: number;
}

/** Who is online. */
export interface GroupListFrame {
  readonly type: typeof FrameType.GroupList;
  readonly user: null;
  /**
   * JSON text within the JSON: an array of at most 1,000 {@link ListedPerson}. Over Socket.IO it
   * is the array itself.
   */
  readonly data: string;
  /** How many people are online, which may be more than the list holds. */
  readonly total: number;
  /** That of the command, where the list answers one. */
  readonly ref?: string;
}

/** The first frame of a connection, told apart from a message by `self`. */
export interface WelcomeFrame {
  readonly type: typeof FrameType.GroupChat;
  readonly user: null;
  /** For people, in the service's language. */
  readonly data: string;
  /** The service's time, in milliseconds since the epoch. */
  readonly time: number;
  /** Whose connection it is. */
  readonly self: Person;
  /** `expires_at`: by when it must be renewed, in milliseconds since the epoch. */
  readonly session: { readonly id: string; readonly expires_at: number };
  /** The highest number of each room, by its name: who has less asks for the rest. */
  readonly heads: Readonly<Record<string, number>>;
  /**
   * Of a message's `text` in code points, of a `frame` in bytes. `typing`: where more people are
   * present, nobody is told who is typing; 0: nowhere.
   */
  readonly limits: {
    readonly text: number;
    readonly frame: number;
    readonly typing: number;
    readonly receipts: number;
  };
  /** Milliseconds between two pings of the service. */
  readonly heartbeat: number;
}

/** What every message of the log has. */
interface Stored {
  readonly user: Person;
  /** The text. */
  readonly data: string;
  /** ULID: ids sort by the time of their making. */
  readonly id: string;
  /** Contiguous in its conversation, from 1. */
  readonly seq: number;
  /** When it arrived at the service, in milliseconds since the epoch. */
  readonly time: number;
}

/** A message in a room, to everybody in it, the author included. */
export interface GroupChatFrame extends Stored {
  readonly type: typeof FrameType.GroupChat;
  readonly room: string;
}

/** A private message, to the recipient and to the author's other connections. */
export interface SingleChatFrame extends Stored {
  readonly type: typeof FrameType.SingleChat;
  /** The recipient's name. */
  readonly to: string;
}

/** A message as the log holds it: over the socket, and in pages over HTTP. */
export type MessageFrame = GroupChatFrame | SingleChatFrame;

/**
 * An entry of the log of a kind that the service does not know. It fills its number, and says no
 * more than whose it is and where.
 */
export type UnknownFrame = {
  readonly type: typeof FrameType.Unknown;
  readonly user: Person;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
} & (
  | { readonly room: string }
  /** The other side's name, as in a {@link SingleChatFrame}. */
  | { readonly to: string }
);

/** An entry of a conversation's log. */
export type EntryFrame = MessageFrame | UnknownFrame;

/** Somebody came or went. Devices don't count: a person's first and last connection do. */
export interface PresenceFrame {
  readonly type: typeof FrameType.Enter | typeof FrameType.Leave;
  readonly user: Person;
  /** For people, in the service's language. */
  readonly data: string;
  readonly time: number;
}

/** The message with this `ref` is on disk. It and the message itself come in either order. */
export interface AckFrame {
  readonly type: typeof FrameType.Ack;
  readonly ref: string;
  /** Where it was said in a room. */
  readonly room?: string;
  /** Where it was said to one person: their name. */
  readonly to?: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

/** A frame was not carried out; the session goes on. */
export interface RejectFrame {
  readonly type: typeof FrameType.Reject;
  /** That of the frame, where it had a valid one. */
  readonly ref?: string;
  readonly code: RefusalCode;
  /** For people, in the service's language. */
  readonly data: string;
  /** The same frame may succeed later. */
  readonly retryable: boolean;
  /** The field at fault. */
  readonly field?: string;
  /** Milliseconds after which trying again makes sense. */
  readonly retry_after?: number;
}

/** How a Sync ended for one conversation. */
export interface SyncOutcome {
  /** The highest number that the client has now, or could page to. Below what it had: a log that was restored. */
  readonly seq: number;
  /** False: too much was missed and none of it was sent; page over HTTP from `after`. */
  readonly complete: boolean;
  readonly after?: number;
}

/** Ends the messages that a Sync asked for. */
export interface SyncFrame {
  readonly type: typeof FrameType.Sync;
  readonly ref?: string;
  /** By conversation: those that were named, and private ones that held something undelivered. */
  readonly data: Readonly<Record<string, SyncOutcome>>;
  /** Further private conversations hold something undelivered: another Sync brings them. */
  readonly more?: true;
}

/** The connection lives on under the new token's session. */
export interface RenewFrame {
  readonly type: typeof FrameType.Renew;
  readonly ref?: string;
  /** Milliseconds since the epoch. */
  readonly data: { readonly expires_at: number };
}

/** Where a mark stands: in a room, or in the private conversation with `to`. */
type ReadPlace = { readonly room: string } | { readonly to: string };

/**
 * The person's own mark: to the other devices at once, and to the device that moved it as the answer
 * to a `ref`. It replaces what the client knew, also where it is lower.
 */
export type OwnReadFrame = {
  readonly type: typeof FrameType.Read;
  readonly ref?: string;
  readonly user: Person;
  /** The last number that was read. */
  readonly seq: number;
  /** Messages behind it. */
  readonly unread: number;
  /** Those of them that mention the person. */
  readonly mentions: number;
} & ReadPlace;

/** The other person has read the private conversation up to `seq`. */
export interface ReadReceiptFrame {
  readonly type: typeof FrameType.Read;
  /** Who has read. */
  readonly user: Person;
  /** The name of whoever is told. */
  readonly to: string;
  readonly seq: number;
}

/** Who has read a small room, and up to where: what one second brought. */
export interface RoomReceiptsFrame {
  readonly type: typeof FrameType.Read;
  readonly room: string;
  /** The last number that was read, by the person's id. */
  readonly data: Readonly<Record<string, number>>;
}

/** Several of the person's own marks, or all: the answer, and for all also to the other devices. */
export interface OwnReadsFrame {
  readonly type: typeof FrameType.Read;
  readonly ref?: string;
  readonly user: Person;
  /** Where the marks stand now, by conversation as in the command; `"all"`: each at its head. */
  readonly data: Readonly<Record<string, number>> | 'all';
}

export type ReadFrame = OwnReadFrame | ReadReceiptFrame | RoomReceiptsFrame | OwnReadsFrame;

/**
 * Everybody who is typing in a conversation, but for oneself: the whole set, in place of the one
 * before. It has no number, is stored nowhere, and may be left out for a slow reader.
 */
export type TypingFrame = {
  readonly type: typeof FrameType.Typing;
  readonly user: null;
  /** Five people at most, those first who began first. */
  readonly data: readonly Person[];
  /** How many there are, which may be more than `data` holds. */
  readonly total: number;
  /** Milliseconds after which nobody of them is typing any more, where nothing else is said. */
  readonly ttl: number;
} & (
  | { readonly room: string }
  /** The name of the other person, who is the only one that `data` can hold. */
  | { readonly to: string }
);

/** Everything that the service says. A client ignores fields that it doesn't know. */
export type ServerFrame =
  | ErrorFrame
  | GroupListFrame
  | WelcomeFrame
  | EntryFrame
  | PresenceFrame
  | AckFrame
  | RejectFrame
  | SyncFrame
  | RenewFrame
  | TypingFrame
  | ReadFrame;
