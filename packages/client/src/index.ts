/**
 * The public surface of @parley/client. Frames and codes come from @parley/protocol.
 */
export type { BackoffOptions } from './backoff.js';
export { ChatClient, type ChatClientOptions } from './chat-client.js';
export type { ChatEvents, OtherEntry } from './chat-events.js';
export type { Socket } from './connection.js';
export {
  type Conversation,
  conversationOf,
  directWith,
  type EntryPlace,
  LOBBY,
  partnerOf,
} from './conversation.js';
export {
  type AnnouncedFile,
  FileCalls,
  type FileToSend,
  type UploadOptions,
} from './file-calls.js';
export {
  type ChangesPage,
  type DeletionOptions,
  type FoundFrame,
  type FoundPage,
  MessageCalls,
  type SearchOptions,
  type ThreadPage,
} from './message-calls.js';
export {
  type ChangeFrame,
  isInThreadOnly,
  type PresentFrame,
  targetsOf,
} from './message-changes.js';
export type { MessageExtras } from './message-extras.js';
export type { OutboxEntry } from './outbox.js';
export type { ConnectionState } from './reconnector.js';
export { randomRef } from './refs.js';
export {
  type Arrival,
  type Ban,
  type BanOptions,
  type Invitation,
  type LinkOptions,
  type May,
  type Member,
  type MemberSettings,
  type NewRoom,
  type Page,
  type PageOptions,
  type Posted,
  type Role,
  type Room,
  RoomCalls,
  type RoomLink,
  type RoomPatch,
} from './room-calls.js';
export {
  type ConversationsPage,
  type ConversationSummary,
  type DirectsPage,
  type DirectSummary,
  type EntryOptions,
  EXPORT_FORMATS,
  type ExportFormat,
  type HistoryPage,
  type PageQuery,
  type PresencePage,
  type PresentPerson,
  problemOf,
  RestClient,
  RestError,
  type Ticket,
  type Tokens,
} from './rest.js';
export {
  ChatStore,
  type ChatStoreOptions,
  type StoreClient,
  type StoreListener,
} from './store/chat-store.js';
export type { ConversationState } from './store/conversation-record.js';
export type { RoomMember } from './store/member-list.js';
export {
  changeOf,
  merge,
  type Message,
  type MessageState,
  presentOf,
  type Reaction,
  replyOf,
  stateOf,
} from './store/message-state.js';
export {
  type Exclusively,
  keep,
  type KeptTokens,
  SessionOver,
  TokenSession,
  type TokenVault,
} from './token-session.js';
export { type FollowedThread, ThreadCalls, type ThreadMark } from './thread-calls.js';
export { type ReadPosition, Unread, type UnreadEvents } from './unread.js';
export type { TypingPeople } from './typing.js';
