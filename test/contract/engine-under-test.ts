import type { GuestStore } from '../../src/auth/accounts/guest-store.js';
import type { SessionStore } from '../../src/auth/sessions/session-store.js';
import type { UserStore } from '../../src/auth/accounts/user-store.js';
import type { MessageStore } from '../../src/chat/log/message-store.js';

/** The stores of an engine, over a database that holds nothing yet. */
export interface EngineUnderTest {
  readonly messages: MessageStore;
  readonly users: UserStore;
  readonly guests: GuestStore;
  readonly sessions: SessionStore;
  /** Closes the stores and opens them again over what they kept. The old ones are of no use then. */
  reopen(): Promise<void>;
  /** Closes the stores. */
  dispose(): Promise<void>;
}

export type EngineFactory = () => Promise<EngineUnderTest>;
