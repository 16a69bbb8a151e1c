import type { ConversationKey } from '../conversations/key.js';
import type { RoomChange } from '../conversations/room-change.js';
import type { StoredBody } from './stored-body.js';

/** A message, by its number in its conversation. */
export interface MessageRef {
  readonly conversation: ConversationKey;
  readonly seq: number;
}

/**
 * A change of what is stored about a message, carried out with the event that it comes with, whose
 * number it notes. `expect-message` comes first: the list fails where another version holds, and
 * whoever decided by what was true before reads again.
 */
export type MessageChange =
  /** The message is at this version (0: nothing has happened to it), and moves to the next. */
  | ({ readonly op: 'expect-message'; readonly version: number } & MessageRef)
  /** The event is of these people's making, and each of them is in the room; fails where one is not. */
  | ({
      readonly op: 'expect-members';
      readonly room: string;
      readonly people: readonly string[];
    } & MessageRef)
  | ({
      readonly op: 'edit-message';
      /** As stored before. */
      readonly was: StoredBody;
      /** In its place from now on. */
      readonly body: string;
      readonly time: number;
    } & MessageRef)
  /** Empties the message and every event about it, and removes its reactions, mentions and files. */
  | ({
      readonly op: 'delete-message';
      readonly was: StoredBody;
      /** What is left of it. */
      readonly body: string;
      readonly by: string;
      /** Whether it counted as unread. */
      readonly counted: boolean;
      /** The root of the thread that it is in; null: none. */
      readonly thread: number | null;
    } & MessageRef)
  | ({
      readonly op: 'react';
      readonly added: readonly KeyedPerson[];
      readonly removed: readonly KeyedPerson[];
    } & MessageRef)
  /** Fails where as many are pinned in the conversation. */
  | ({ readonly op: 'pin'; readonly person: string; readonly most: number } & MessageRef)
  | ({ readonly op: 'unpin' } & MessageRef)
  /**
   * The event is a reply in the thread of that message, and fails where it was deleted. Its author
   * follows the thread and has read it up to here; the author of the message follows it as well,
   * unless that person did not want to.
   */
  | ({
      readonly op: 'reply-in-thread';
      readonly author: string;
      /** Whether it counts as unread in the thread: one that counts in the conversation does not. */
      readonly alone: boolean;
      readonly time: number;
    } & MessageRef)
  /** The event mentions these people. */
  | {
      readonly op: 'mention';
      readonly conversation: ConversationKey;
      readonly people: readonly string[];
    }
  /** The event mentions everybody. */
  | {
      readonly op: 'mention-all';
      readonly conversation: ConversationKey;
      readonly author: string;
    }
  /** The event has these files. Fails where one is not the owner's, has not arrived, or is used. */
  | {
      readonly op: 'attach';
      readonly conversation: ConversationKey;
      readonly owner: string;
      readonly ids: readonly string[];
    }
  /** A ref that stands for a part of the event. Fails where it stands for something already. */
  | {
      readonly op: 'keep-ref';
      readonly conversation: ConversationKey;
      readonly author: string;
      readonly ref: string;
      /** What it stands for. */
      readonly part: StoredBody;
    };

export interface KeyedPerson {
  readonly key: string;
  readonly person: string;
}

/** A change of rows in the commit of an event. */
export type RowChange = RoomChange | MessageChange;
