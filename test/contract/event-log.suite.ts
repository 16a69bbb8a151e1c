import { describe } from '@jest/globals';
import { appendContract } from './append.suite.js';
import type { EngineFactory } from './engine-under-test.js';
import { eventKindsContract } from './event-kinds.suite.js';
import { logContract } from './log.suite.js';
import { membersContract } from './members.suite.js';
import { refContract } from './ref.suite.js';
import { talks } from './talk.js';

export function eventLogContract(open: EngineFactory): void {
  describe('EventLog', () => {
    const current = talks(open);
    appendContract(current);
    eventKindsContract(current);
    refContract(current);
    logContract(current);
    membersContract(current);
  });
}
