import type { Command } from '../command.js';
import type { Stored } from '../stored.js';
import type { ExtraFields } from './extras.js';

export const SINGLE_CHAT = 3;

/** Says something to one person. With a `ref`, an {@link AckFrame} tells that it is stored. */
export interface SingleChatCommand extends Command, ExtraFields {
  readonly type: typeof SINGLE_CHAT;
  /** The recipient's name, in any case or width. */
  readonly to: string;
  /** The text: 1 to `limits.text` code points, something of which can be seen; or empty beside files. */
  readonly data: string;
}

/** A private message, to the recipient and to the author's other connections. */
export interface SingleChatFrame extends Stored {
  readonly type: typeof SINGLE_CHAT;
  /** The recipient's name. */
  readonly to: string;
}
