import type { Command } from '../command.js';
import type { Person } from '../person.js';
import type { Numbered } from '../stored.js';

export const JOIN = 15;

/** Enters a room: one that everybody may enter, or to which one is invited. An Ack answers a `ref`. */
export interface JoinCommand extends Command {
  readonly type: typeof JOIN;
  readonly room: string;
}

/** Somebody is in the room from this number on. */
export interface JoinFrame extends Numbered {
  readonly type: typeof JOIN;
  readonly room: string;
  /** For people, in the service's language. */
  readonly data: string;
  readonly how: 'self' | 'invited' | 'link' | 'added';
  /** Who invited or added the person. */
  readonly by?: Person;
}
