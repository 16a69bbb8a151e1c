import type { Numbered } from '../stored.js';

export const ROOM = 18;

/** A room as it is after a change: all of it, not what changed. */
export interface RoomState {
  readonly name: string;
  readonly title: string | null;
  readonly topic: string | null;
  readonly kind: 'public' | 'private' | 'announcement';
  readonly history: 'all' | 'joined';
  readonly archived: boolean;
  /** The least role for what differs from the defaults of the room's kind. */
  readonly rights: Readonly<Record<string, string>>;
}

/** The room was changed. `room` is the name that it has from then on. */
export interface RoomChangeFrame extends Numbered {
  readonly type: typeof ROOM;
  readonly room: string;
  readonly data: RoomState & {
    /**
     * The name that it had before, where this change gave it another. Nobody else can have that name
     * for 90 days after, so that it can only mean this room until then.
     */
    readonly was?: string;
  };
}

/**
 * How many are in a large room, in which nobody is told who comes and goes: at most once a second.
 * It has no number.
 */
export interface RoomCountFrame {
  readonly type: typeof ROOM;
  readonly room: string;
  readonly data: { readonly members: number };
}

export type RoomFrame = RoomChangeFrame | RoomCountFrame;
