import { describe } from '@jest/globals';
import { MemoryMessageBus } from '../../src/engines/memory/memory-message-bus.js';
import { MemoryPresenceStore } from '../../src/engines/memory/memory-presence-store.js';
import { MemorySignalBus } from '../../src/engines/memory/memory-signal-bus.js';
import { EmbeddedEngine } from './embedded-engine.js';
import { attachmentStoreContract } from './attachment-store.suite.js';
import { messageBusContract } from './message-bus.suite.js';
import { conversationStoreContract } from './conversation-store.suite.js';
import { eventLogContract } from './event-log.suite.js';
import { followerCursorsContract } from './follower-cursors.suite.js';
import { markStoreContract } from './mark-store.suite.js';
import { messageStoreContract } from './message-store.suite.js';
import { threadStoreContract } from './thread-store.suite.js';
import { readMarksContract } from './read-marks.suite.js';
import { presenceStoreContract } from './presence-store.suite.js';
import { searchIndexContract } from './search-index.suite.js';
import { guestStoreContract } from './guest-store.suite.js';
import { roomStoreContract } from './room-store.suite.js';
import { refreshTokenContract } from './refresh-token.suite.js';
import { sessionStoreContract } from './session-store.suite.js';
import { signalBusContract } from './signal-bus.suite.js';
import { userStoreContract } from './user-store.suite.js';

const nothingToDispose = () => Promise.resolve();

describe('The embedded engine', () => {
  userStoreContract(EmbeddedEngine.open);
  guestStoreContract(EmbeddedEngine.open);
  sessionStoreContract(EmbeddedEngine.open);
  refreshTokenContract(EmbeddedEngine.open);
  eventLogContract(EmbeddedEngine.open);
  messageStoreContract(EmbeddedEngine.open);
  threadStoreContract(EmbeddedEngine.open);
  conversationStoreContract(EmbeddedEngine.open);
  markStoreContract(EmbeddedEngine.open);
  roomStoreContract(EmbeddedEngine.open);
  readMarksContract(EmbeddedEngine.open);
  followerCursorsContract(EmbeddedEngine.open);
  searchIndexContract(EmbeddedEngine.create);
  attachmentStoreContract(EmbeddedEngine.open);
  messageBusContract(() => {
    const bus = new MemoryMessageBus();
    return Promise.resolve({ publisher: bus, listener: bus, dispose: nothingToDispose });
  });
  signalBusContract(() => {
    const bus = new MemorySignalBus();
    return Promise.resolve({ publisher: bus, listener: bus, dispose: nothingToDispose });
  });
  presenceStoreContract(() =>
    Promise.resolve({ presence: new MemoryPresenceStore(), dispose: nothingToDispose }),
  );
});
