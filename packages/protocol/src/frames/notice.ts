import type { Person } from '../person.js';

export const NOTICE = 20;

/**
 * Something happened to this person's rooms: to all of the person's devices. It has no number, and
 * may be lost; the list of conversations has it, too.
 */
export interface NoticeFrame {
  readonly type: typeof NOTICE;
  readonly user: null;
  readonly data: {
    readonly what: 'added' | 'removed' | 'invited' | 'uninvited';
    readonly room: string;
    /** For people: what the room is called. */
    readonly title: string | null;
    /** Who did it; absent where the person did it. */
    readonly by?: Person;
    /** When, in milliseconds since the epoch. */
    readonly time: number;
  };
}
