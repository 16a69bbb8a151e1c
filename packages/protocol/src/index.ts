export type {
  ClientFrame,
  GroupChatCommand,
  GroupListCommand,
  RenewCommand,
  SingleChatCommand,
  SyncCommand,
  TypingCommand,
} from './client-frames.js';
export {
  actionAfterClose,
  type CloseAction,
  CloseCode,
  delayAfterClose,
  restartingReason,
} from './close-codes.js';
export { FrameType } from './frame-type.js';
export { REFUSAL_CODES, type RefusalCode } from './refusal-codes.js';
export type {
  AckFrame,
  EntryFrame,
  ErrorFrame,
  GroupChatFrame,
  GroupListFrame,
  ListedPerson,
  MessageFrame,
  Person,
  PresenceFrame,
  RejectFrame,
  RenewFrame,
  ServerFrame,
  SingleChatFrame,
  SyncFrame,
  SyncOutcome,
  TypingFrame,
  UnknownFrame,
  WelcomeFrame,
} from './server-frames.js';
