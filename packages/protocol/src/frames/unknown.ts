import type { Person } from '../person.js';

export const UNKNOWN = 99;

/**
 * An entry of the log of a kind that the service does not know. It fills its number, and says no
 * more than whose it is and where.
 */
export type UnknownFrame = {
  readonly type: typeof UNKNOWN;
  readonly user: Person;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
} & (
  | { readonly room: string }
  /** The other side's name, as in a {@link SingleChatFrame}. */
  | { readonly to: string }
);
