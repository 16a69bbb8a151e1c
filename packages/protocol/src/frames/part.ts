import type { Command } from '../command.js';
import type { Person } from '../person.js';
import type { Numbered } from '../stored.js';

export const PART = 16;

/** Leaves a room. An Ack answers a `ref`. */
export interface PartCommand extends Command {
  readonly type: typeof PART;
  readonly room: string;
}

/** Somebody is in the room up to this number: for that person the last one. */
export interface PartFrame extends Numbered {
  readonly type: typeof PART;
  readonly room: string;
  /** For people, in the service's language. */
  readonly data: string;
  readonly how: 'self' | 'kicked' | 'banned';
  /** Who removed the person. */
  readonly by?: Person;
  readonly reason?: string;
}
