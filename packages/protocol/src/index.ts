export type {
  ClientFrame,
  GroupChatCommand,
  GroupListCommand,
  ReadCommand,
  ReadManyCommand,
  ReadOneCommand,
  RenewCommand,
  SingleChatCommand,
  SyncCommand,
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
  OwnReadFrame,
  OwnReadsFrame,
  Person,
  PresenceFrame,
  ReadFrame,
  ReadReceiptFrame,
  RejectFrame,
  RenewFrame,
  RoomReceiptsFrame,
  ServerFrame,
  SingleChatFrame,
  SyncFrame,
  SyncOutcome,
  UnknownFrame,
  WelcomeFrame,
} from './server-frames.js';
