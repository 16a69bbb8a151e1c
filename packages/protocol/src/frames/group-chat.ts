import type { Command } from '../command.js';
import type { Stored } from '../stored.js';
import type { ExtraFields } from './extras.js';

export const GROUP_CHAT = 2;

/** Says something in a room. With a `ref`, an {@link AckFrame} tells that it is stored. */
export interface GroupChatCommand extends Command, ExtraFields {
  readonly type: typeof GROUP_CHAT;
  /** The text: 1 to `limits.text` code points, something of which can be seen; or empty beside files. */
  readonly data: string;
  /** `lobby` unless given. */
  readonly room?: string;
}

/** A message in a room, to everybody in it, the author included. */
export interface GroupChatFrame extends Stored {
  readonly type: typeof GROUP_CHAT;
  readonly room: string;
}
