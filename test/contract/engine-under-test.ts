import type { AttachmentStore } from '../../src/attachments/attachment-store.js';
import type { GuestStore } from '../../src/auth/accounts/guest-store.js';
import type { SessionStore } from '../../src/auth/sessions/session-store.js';
import type { UserStore } from '../../src/auth/accounts/user-store.js';
import type { ConversationStore } from '../../src/chat/conversations/conversation-store.js';
import type { RoomStore } from '../../src/chat/conversations/room-store.js';
import type { FollowerCursors } from '../../src/chat/feed/follower-cursors.js';
import type { EventLog } from '../../src/chat/log/event-log.js';
import type { MessageStore } from '../../src/chat/log/message-store.js';
import type { MarkStore } from '../../src/chat/marks/mark-store.js';
import type { ThreadStore } from '../../src/chat/marks/thread-store.js';
import type { SearchIndex } from '../../src/search/search-index.js';

/** The stores of an engine, over a database that holds nothing yet. */
export interface EngineUnderTest {
  readonly log: EventLog;
  readonly messages: MessageStore;
  readonly conversations: ConversationStore;
  readonly marks: MarkStore;
  readonly threads: ThreadStore;
  readonly rooms: RoomStore;
  readonly cursors: FollowerCursors;
  readonly search: SearchIndex;
  readonly attachments: AttachmentStore;
  readonly users: UserStore;
  readonly guests: GuestStore;
  readonly sessions: SessionStore;
  /** Closes the stores and opens them again over what they kept. The old ones are of no use then. */
  reopen(): Promise<void>;
  /** Closes the stores. */
  dispose(): Promise<void>;
}

export type EngineFactory = () => Promise<EngineUnderTest>;
