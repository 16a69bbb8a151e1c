import type { Command } from '../command.js';
import type { Person } from '../person.js';

export const GROUP_LIST = 1;

/** Asks who is online; a {@link GroupListFrame} answers. */
export interface GroupListCommand extends Command {
  readonly type: typeof GROUP_LIST;
  /** Only who of this room's members is; `lobby` unless given. */
  readonly room?: string;
}

/** An entry of the list of people who are online. */
export interface ListedPerson extends Person {
  /** Connections that the person has at the moment. */
  readonly connections: number;
}

/** Who is online. */
export interface GroupListFrame {
  readonly type: typeof GROUP_LIST;
  readonly user: null;
  /**
   * JSON text within the JSON: an array of at most 1,000 {@link ListedPerson}. Over Socket.IO it
   * is the array itself.
   */
  readonly data: string;
  /** How many people are online, which may be more than the list holds. */
  readonly total: number;
  /** The room whose members these are, where the command named one. A large room's list is empty. */
  readonly room?: string;
  /** That of the command, where the list answers one. */
  readonly ref?: string;
}
