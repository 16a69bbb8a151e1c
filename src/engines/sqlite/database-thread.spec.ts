import { expect, it } from '@jest/globals';
import type { Worker } from 'node:worker_threads';
import { temporaryFolder } from '../../../test/support/service.js';
import { DatabaseThread } from './database-thread.js';
import { DataFolder } from './data-folder.js';

it('A thread that is coming up is ended once it has: cut off while it loads native code, it would end the process', async () => {
  const folder = new DataFolder(temporaryFolder());
  const identity = folder.makeSearchFile();
  const thread = new DatabaseThread('indexer', folder.searchFile, () => identity);
  const starting = thread.start();
  const outcome = expect(starting).rejects.toThrow('The thread ended');
  let hasCome = false;
  (Reflect.get(thread, 'worker') as Worker).once('message', () => (hasCome = true));
  await thread.close();
  expect(hasCome).toBe(true);
  await outcome;
});
