import type { GROUP_CHAT } from './group-chat.js';
import type { Person } from '../person.js';

/** The first frame of a connection, told apart from a message by `self`. */
export interface WelcomeFrame {
  readonly type: typeof GROUP_CHAT;
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
   * present, nobody is told who is typing; 0: nowhere. `rooms`: how many a person may be in;
   * `members`: how many people may be in a room. `attachment`: of a file in bytes, 0 where there are
   * none; `attachments`: of a message; `quota`: bytes that a person may keep.
   */
  readonly limits: {
    readonly text: number;
    readonly frame: number;
    readonly typing: number;
    readonly receipts: number;
    readonly rooms: number;
    readonly members: number;
    readonly attachment: number;
    readonly attachments: number;
    readonly quota: number;
  };
  /** Milliseconds between two pings of the service. */
  readonly heartbeat: number;
}
