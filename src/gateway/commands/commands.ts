import { ReadCommand } from './marks/read.js';
import { DeletionCommand } from './messages/deletion.js';
import { EditCommand } from './messages/edit.js';
import { GroupChatCommand } from './messages/group-chat.js';
import { PinCommand } from './messages/pin.js';
import { ReactionCommand } from './messages/reaction.js';
import { SingleChatCommand } from './messages/single-chat.js';
import { GroupListCommand } from './people/group-list.js';
import { JoinCommand } from './rooms/join.js';
import { PartCommand } from './rooms/part.js';
import { RenewCommand } from './session/renew.js';
import { TypingCommand } from './signals/typing.js';
import { SyncCommand } from './sync/sync.js';

/** Every command that clients may send: {@link CommandTable} finds their handlers at start. */
export const COMMANDS = [
  GroupListCommand,
  GroupChatCommand,
  SingleChatCommand,
  EditCommand,
  DeletionCommand,
  ReactionCommand,
  PinCommand,
  SyncCommand,
  RenewCommand,
  ReadCommand,
  TypingCommand,
  JoinCommand,
  PartCommand,
] as const;
