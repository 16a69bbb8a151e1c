/**
 * The public surface of @parley/client. Frames and codes come from @parley/protocol.
 */
export type { BackoffOptions } from './backoff.js';
export { ChatClient, type ChatClientOptions, type ChatEvents } from './chat-client.js';
export type { Socket } from './connection.js';
export { type Conversation, directWith, LOBBY, partnerOf } from './conversation.js';
export type { OutboxEntry } from './outbox.js';
export type { ConnectionState } from './reconnector.js';
export { randomRef } from './refs.js';
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
  type Exclusively,
  keep,
  type KeptTokens,
  SessionOver,
  TokenSession,
  type TokenVault,
} from './token-session.js';
export { type ReadPosition, Unread, type UnreadEvents } from './unread.js';
export type { TypingPeople } from './typing.js';
