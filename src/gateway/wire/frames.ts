import type { RefusalCode } from '../../kernel/refusals.js';
import type { Person } from '../../kernel/person.js';

/** The number that says what a frame is. Part of the contract: never renumbered. */
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
  /** Beyond all that is planned: a client that knows no such type passes it by. */
  Unknown: 99,
} as const;

/** The session is over; a close follows. */
export interface ErrorFrame {
  readonly type: typeof FrameType.Error;
  readonly user: null;
  readonly data: string;
  readonly code: RefusalCode;
}

export interface ListedPerson extends Person {
  readonly connections: number;
}

export interface GroupListFrame {
  readonly type: typeof FrameType.GroupList;
  readonly user: null;
  /** The native format writes it as JSON text within the JSON. */
  readonly data: readonly ListedPerson[];
  /** How many people are here, which may be more than the list holds. */
  readonly total: number;
  readonly ref?: string;
}

export interface WelcomeFrame {
  readonly type: typeof FrameType.GroupChat;
  readonly user: null;
  readonly data: string;
  readonly time: number;
  readonly self: Person;
  readonly session: { readonly id: string; readonly expires_at: number };
  /** The highest number of each room that the connection is in. */
  readonly heads: Readonly<Record<string, number>>;
  readonly limits: { readonly text: number; readonly frame: number };
  /** Milliseconds between two pings of the service. */
  readonly heartbeat: number;
}

export interface GroupChatFrame {
  readonly type: typeof FrameType.GroupChat;
  readonly user: Person;
  readonly data: string;
  readonly room: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

export interface SingleChatFrame {
  readonly type: typeof FrameType.SingleChat;
  readonly user: Person;
  /** The recipient's name. */
  readonly to: string;
  readonly data: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

/**
 * An entry of the log of a kind that this node does not know, since a later version wrote it. It
 * fills its number, and says no more than whose it is and where.
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
export type EntryFrame = GroupChatFrame | SingleChatFrame | UnknownFrame;

export interface PresenceFrame {
  readonly type: typeof FrameType.Enter | typeof FrameType.Leave;
  readonly user: Person;
  readonly data: string;
  readonly time: number;
}

export interface AckFrame {
  readonly type: typeof FrameType.Ack;
  readonly ref: string;
  readonly room?: string;
  readonly to?: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

export interface RejectFrame {
  readonly type: typeof FrameType.Reject;
  readonly ref?: string;
  readonly code: RefusalCode;
  readonly data: string;
  readonly retryable: boolean;
  readonly field?: string;
  /** Milliseconds after which trying again makes sense. */
  readonly retry_after?: number;
}

/** How a Sync ended for one conversation. */
export interface SyncOutcome {
  /** The highest number that the client has, or could page to. */
  readonly seq: number;
  /** False: too much was missed, nothing was sent; page over HTTP from `after`. */
  readonly complete: boolean;
  readonly after?: number;
}

export interface SyncFrame {
  readonly type: typeof FrameType.Sync;
  readonly ref?: string;
  readonly data: Readonly<Record<string, SyncOutcome>>;
  /** Further private conversations hold something undelivered: another Sync brings them. */
  readonly more?: true;
}

export interface RenewFrame {
  readonly type: typeof FrameType.Renew;
  readonly ref?: string;
  readonly data: { readonly expires_at: number };
}

/** Everything that the service says to a client, whatever the transport. */
export type ServerFrame =
  | ErrorFrame
  | GroupListFrame
  | WelcomeFrame
  | EntryFrame
  | PresenceFrame
  | AckFrame
  | RejectFrame
  | SyncFrame
  | RenewFrame;
