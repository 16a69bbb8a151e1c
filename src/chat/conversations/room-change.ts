import type { HistoryRule, RightsMap, Role, RoomKind } from './room.js';

/** A room's name in the three forms that are stored of it. */
export interface RoomName {
  readonly displayed: string;
  /** As compared. */
  readonly canonical: string;
  /** What it looks like: rooms that people could mistake for each other share it. */
  readonly skeleton: string;
}

/**
 * A change of the rows about rooms. Changes of one list are carried out together or not at all, and
 * with the event that they come with, if there is one: its number is the place of whoever comes and
 * goes.
 *
 * `expect` and `make` come first. The list fails where another version holds, or a name or id is
 * taken; whoever decided by what was true before reads again.
 */
export type RoomChange =
  | {
      readonly op: 'make';
      readonly room: string;
      readonly name: RoomName;
      readonly title: string | null;
      readonly topic: string | null;
      readonly kind: RoomKind;
      readonly history: HistoryRule;
      readonly rights: RightsMap;
      /** Who makes it, and the ref under which the person asked; null: none. */
      readonly by: string;
      readonly ref: string | null;
      readonly time: number;
    }
  /** The room is at this version, and moves to the next. */
  | { readonly op: 'expect'; readonly room: string; readonly version: number }
  | {
      readonly op: 'describe';
      readonly room: string;
      readonly title: string | null;
      readonly topic: string | null;
      readonly kind: RoomKind;
      readonly history: HistoryRule;
      readonly rights: RightsMap;
      readonly archivedAt: number | null;
    }
  /** The old name goes on leading to the room until then (ms since the epoch). */
  | {
      readonly op: 'rename';
      readonly room: string;
      readonly name: RoomName;
      readonly aliasUntil: number;
      /** Aliases that ended before then free their names. */
      readonly time: number;
    }
  /** Also for whoever was in it before. What was said before counts as read. */
  | {
      readonly op: 'enter';
      readonly room: string;
      readonly person: string;
      readonly role: Role;
      readonly time: number;
    }
  | { readonly op: 'set-role'; readonly room: string; readonly person: string; readonly role: Role }
  | { readonly op: 'exit'; readonly room: string; readonly person: string; readonly time: number }
  /** @param until null: for ever */
  | {
      readonly op: 'ban';
      readonly room: string;
      readonly person: string;
      readonly by: string;
      readonly reason: string | null;
      readonly until: number | null;
      readonly time: number;
    }
  | { readonly op: 'unban'; readonly room: string; readonly person: string }
  | {
      readonly op: 'invite';
      readonly room: string;
      readonly person: string;
      readonly by: string;
      readonly time: number;
    }
  | { readonly op: 'uninvite'; readonly room: string; readonly person: string }
  /** Fails where the link is used up, over, or withdrawn. */
  | { readonly op: 'use-link'; readonly link: string; readonly time: number }
  | {
      readonly op: 'add-link';
      /** A digest of the code. */
      readonly link: string;
      readonly room: string;
      readonly by: string;
      /** Null: any number of times; for ever. */
      readonly uses: number | null;
      readonly expiresAt: number | null;
      readonly time: number;
    }
  /** @param link null: all of the room's */
  | { readonly op: 'remove-link'; readonly link: string | null; readonly room: string }
  | {
      readonly op: 'set-level';
      readonly room: string;
      readonly person: string;
      readonly level: Level;
      readonly mutedUntil: number | null;
    };

export const LEVELS = ['all', 'mentions', 'none'] as const;
/** Of what a member wants to be told by devices: everything, what mentions the person, or nothing. */
export type Level = (typeof LEVELS)[number];
