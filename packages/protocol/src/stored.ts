import type { Person } from './person.js';

/** What every entry of the log has. */
export interface Numbered {
  /** Who it is from; of a Join or Part, whoever comes or goes. */
  readonly user: Person;
  /** ULID: ids sort by the time of their making. */
  readonly id: string;
  /** Contiguous in its conversation, from 1. */
  readonly seq: number;
  /** When it arrived at the service, in milliseconds since the epoch. */
  readonly time: number;
}

/** Where something is: in a room, or in private, with the other person's name as in a message. */
export type MessagePlace = { readonly room: string } | { readonly to: string };

/** The event that deleted a message, and whose that is. */
export interface Deleted {
  readonly seq: number;
  readonly by: Person;
}

/** What is said in a thread, on its first message. */
export interface ThreadState {
  readonly count: number;
  /** The number of the last reply. */
  readonly last_seq: number;
  /** Who replied last, three people at most, the latest first. */
  readonly users: readonly Person[];
}

/** A file of a message. Where its bytes are is asked for: whoever may see the message may have them. */
export interface Attachment {
  readonly id: string;
  /** As its author's machine calls it, without folders. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** By its content; what is not known by its content is said by its author, and only to be saved. */
  readonly type: string;
  /** Pixels, of a picture that can be shown. Then there is a thumbnail, too. */
  readonly width?: number;
  readonly height?: number;
}

/** What every message of the log has. */
export interface Stored extends Numbered {
  /** The text as it is now; empty where it was deleted. */
  readonly data: string;
  /** The number of the message that it quotes. */
  readonly reply?: number;
  /** On a reply in a thread the number of its first message; on that what is said in the thread. */
  readonly thread?: number | ThreadState;
  /** On a reply in a thread: it stands in the conversation as well. */
  readonly also?: true;
  /** Whom it mentions. */
  readonly mentions?: readonly Person[];
  /** It mentions everybody. */
  readonly mention_all?: true;
  readonly attachments?: readonly Attachment[];
  /** The last edit. */
  readonly edited?: { readonly seq: number; readonly time: number };
  readonly deleted?: Deleted;
  readonly pinned?: true;
}
