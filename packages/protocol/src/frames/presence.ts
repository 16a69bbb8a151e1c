import type { Person } from '../person.js';

export const ENTER = 4;
export const LEAVE = 5;

/** Somebody came or went. Devices don't count: a person's first and last connection do. */
export interface PresenceFrame {
  readonly type: typeof ENTER | typeof LEAVE;
  readonly user: Person;
  /** For people, in the service's language. */
  readonly data: string;
  readonly time: number;
}
