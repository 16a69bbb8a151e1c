import { afterEach, beforeEach, describe } from '@jest/globals';
import { activeDirectsContract } from './active-directs.suite.js';
import { appendContract } from './append.suite.js';
import { directsContract } from './directs.suite.js';
import type { EngineFactory } from './engine-under-test.js';
import { logContract } from './log.suite.js';
import { join } from './people.js';
import { refContract } from './ref.suite.js';
import type { Talk } from './talk.js';

export function messageStoreContract(open: EngineFactory): void {
  describe('MessageStore', () => {
    let talk: Talk;

    beforeEach(async () => {
      const engine = await open();
      talk = { engine, alice: await join(engine, 'Alice'), bob: await join(engine, 'Bob') };
    });

    afterEach(() => talk.engine.dispose());

    const current = (): Talk => talk;
    appendContract(current);
    refContract(current);
    logContract(current);
    directsContract(current);
    activeDirectsContract(() => talk.engine);
  });
}
