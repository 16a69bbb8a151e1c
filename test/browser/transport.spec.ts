import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';

describeWith('chromium', 'the page with ?transport=socket.io', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { PRESENCE_GRACE: '0' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  it('talks to a page without it, in both directions', async () => {
    const alice = await people.guest(`${service.url}/?transport=socket.io`, 'alice');
    const bob = await people.guest(service.url, 'bob');
    await alice.say('Hello Bob');
    await bob.sees('Hello Bob');
    await bob.say('Hello Alice');
    await alice.sees('Hello Alice');
    expect(await alice.texts()).toEqual(['Hello Bob', 'Hello Alice']);
    expect([...alice.faults, ...bob.faults]).toEqual([]);
    await service.logged(/"event":"connected"/);
  });

  it('loads what that takes only where it is asked for', async () => {
    const bob = await people.guest(service.url, 'ben');
    const files = await bob.page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    expect(files.filter((name) => name.includes('socket-io'))).toEqual([]);
    const ann = await people.guest(`${service.url}/?transport=socket.io`, 'ann');
    const own = await ann.page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    expect(own.some((name) => name.includes('/socket.io/?'))).toBe(true);
  });
});
