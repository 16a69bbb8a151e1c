/** The `type` of each frame, by its name in the protocol. */
export const FrameType = {
  Error: 0,
  GroupList: 1,
  GroupChat: 2,
  SingleChat: 3,
  Enter: 4,
  Leave: 5,
  Ack: 6,
  Reject: 7,
  Sync: 8,
  Renew: 9,
  /** An entry of a log that this client cannot read: it fills its number, and shows nothing. */
  Unknown: 99,
} as const;

export interface Person {
  readonly id: string;
  readonly username: string;
}

/** The session is over; a close follows. */
export interface ErrorFrame {
  readonly type: typeof FrameType.Error;
  readonly user: null;
  readonly data: string;
  readonly code: string;
}

/** Who is online. `data` is the JSON text of the list, which in a large room is only a part. */
export interface GroupListFrame {
  readonly type: typeof FrameType.GroupList;
  readonly user: null;
  readonly data: string;
  /** People who are online in all; older services do not say. */
  readonly total?: number;
}

/** The first frame of a connection. All times are milliseconds since the epoch. */
export interface WelcomeFrame {
  readonly type: typeof FrameType.GroupChat;
  readonly user: null;
  readonly data: string;
  readonly time: number;
  readonly self: Person;
  readonly session: { readonly id: string; readonly expires_at: number };
  /** The highest number of each room, by the room's name. */
  readonly heads: Readonly<Record<string, number>>;
  /** `text` in code points, `frame` in bytes. */
  readonly limits: { readonly text: number; readonly frame: number };
  /** Milliseconds between two pings of the service. */
  readonly heartbeat: number;
}

/** A message as the log holds it. `seq` is contiguous in its conversation, from 1. */
interface Stored {
  readonly data: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

export interface RoomMessage extends Stored {
  readonly type: typeof FrameType.GroupChat;
  /** Null: from the system. */
  readonly user: Person | null;
  readonly room: string;
}

export interface DirectMessage extends Stored {
  readonly type: typeof FrameType.SingleChat;
  readonly user: Person;
  /** The recipient's name. */
  readonly to: string;
}

export type MessageFrame = RoomMessage | DirectMessage;

/**
 * An entry of a conversation's log of a type that this client does not know (or that the service
 * itself did not): only what says which number it fills. {@link parseFrame} makes it.
 */
export type UnknownEntry = { readonly type: typeof FrameType.Unknown; readonly seq: number } & (
  { readonly room: string } | { readonly user: Person; readonly to: string }
);

export interface PresenceFrame {
  readonly type: typeof FrameType.Enter | typeof FrameType.Leave;
  readonly user: Person;
  readonly data: string;
  readonly time: number;
}

/** The message with this `ref` is stored durably. */
export interface AckFrame {
  readonly type: typeof FrameType.Ack;
  readonly ref: string;
  readonly room?: string;
  readonly to?: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

/** A frame was not carried out; the session goes on. */
export interface RejectFrame {
  readonly type: typeof FrameType.Reject;
  readonly ref?: string;
  readonly code: string;
  readonly data: string;
  readonly retryable: boolean;
  readonly field?: string;
  /** Milliseconds after which trying again makes sense. */
  readonly retry_after?: number;
}

/** Ends the messages that a Sync asked for: up to where each conversation was told. */
export interface SyncedFrame {
  readonly type: typeof FrameType.Sync;
  readonly ref?: string;
  readonly data: Readonly<Record<string, { readonly seq: number; readonly complete: boolean }>>;
  /** Further private conversations wait: another Sync brings them. */
  readonly more?: boolean;
}

export interface RenewedFrame {
  readonly type: typeof FrameType.Renew;
  readonly data: { readonly expires_at: number };
}

export type ServerFrame =
  | ErrorFrame
  | GroupListFrame
  | WelcomeFrame
  | MessageFrame
  | UnknownEntry
  | PresenceFrame
  | AckFrame
  | RejectFrame
  | SyncedFrame
  | RenewedFrame;

export type ClientFrame =
  | { readonly type: typeof FrameType.GroupList }
  | {
      readonly type: typeof FrameType.GroupChat;
      readonly data: string;
      readonly room?: string;
      readonly ref?: string;
    }
  | {
      readonly type: typeof FrameType.SingleChat;
      readonly to: string;
      readonly data: string;
      readonly ref?: string;
    }
  | {
      readonly type: typeof FrameType.Sync;
      readonly data: Readonly<Record<string, number>>;
      readonly ref?: string;
    }
  | { readonly type: typeof FrameType.Renew; readonly data: string };

/**
 * Reads a frame of the service. Its fields are trusted to be as the protocol says.
 * @returns null for what is no frame, or one of a type that this client does not know and that
 *   fills no number
 */
export function parseFrame(text: string): ServerFrame | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  if (KNOWN.has(value.type)) return value as ServerFrame;
  return value.type === READ ? null : unknownEntry(value);
}

const KNOWN: ReadonlySet<unknown> = new Set(
  Object.values(FrameType).filter((type) => type !== FrameType.Unknown),
);

/** Speaks of a number, as Ack and Sync do, and does not fill it. */
const READ = 11;

/** What has a `seq` and a place fills that number, whatever its type. */
function unknownEntry(frame: object): UnknownEntry | null {
  const { seq, room, to, user } = frame as Partial<Record<string, unknown>>;
  if (typeof seq !== 'number') return null;
  const entry = { type: FrameType.Unknown, seq } as const;
  if (typeof room === 'string') return { ...entry, room };
  const isPrivate = typeof to === 'string' && typeof user === 'object' && user !== null;
  return isPrivate ? { ...entry, user: user as Person, to } : null;
}

export function isWelcome(frame: ServerFrame): frame is WelcomeFrame {
  return frame.type === FrameType.GroupChat && 'self' in frame;
}

/** @returns an empty list where the text is not one */
export function parsePeople(frame: GroupListFrame): readonly Person[] {
  try {
    const value: unknown = JSON.parse(frame.data);
    return Array.isArray(value) ? (value as Person[]) : [];
  } catch {
    return [];
  }
}
