import { describeWith } from '../support/requirements.js';
import { conversationStoreContract } from './conversation-store.suite.js';
import { eventLogContract } from './event-log.suite.js';
import { followerCursorsContract } from './follower-cursors.suite.js';
import { markStoreContract } from './mark-store.suite.js';
import { PostgresEngine } from './postgres-engine.js';
import { guestStoreContract } from './guest-store.suite.js';
import { refreshTokenContract } from './refresh-token.suite.js';
import { sessionStoreContract } from './session-store.suite.js';
import { userStoreContract } from './user-store.suite.js';

describeWith('postgresql', 'The stores on PostgreSQL', () => {
  userStoreContract(PostgresEngine.open);
  guestStoreContract(PostgresEngine.open);
  sessionStoreContract(PostgresEngine.open);
  refreshTokenContract(PostgresEngine.open);
  eventLogContract(PostgresEngine.open);
  conversationStoreContract(PostgresEngine.open);
  markStoreContract(PostgresEngine.open);
  followerCursorsContract(PostgresEngine.open);
});
