import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';
import { seed } from './seeding.js';

describeWith('chromium', 'messages found again', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  it('are found by their words, marked, and shown where they were said', async () => {
    const alice = await people.guest(service.url, 'alice');
    await alice.say('我叫张三丰，住在山上');
    await alice.sees('我叫张三丰，住在山上');
    await seed(service, 'later', 150);
    await alice.sees('later 150');
    await alice.page.reload();
    await alice.sees('later 150');
    expect(await alice.message('我叫张三丰，住在山上').count()).toBe(0);
    await alice.page.getByRole('button', { name: 'Search messages' }).click();
    await alice.finds('nothing-like-this', alice.page.getByText('Nothing was found.'));
    await alice.finds('张三', alice.page.locator('.card mark', { hasText: '张三' }));
    await alice.page.locator('.card').click();
    await alice.page.locator('dialog').waitFor({ state: 'detached' });
    await alice.sees('我叫张三丰，住在山上');
    await alice.isFocused('.message[data-seq="1"] .more');
    expect(alice.faults).toEqual([]);
  });

  it('are found in other conversations, or only in this one', async () => {
    const bob = await people.guest(service.url, 'bob');
    const carol = await people.guest(service.url, 'carol');
    await bob.person('carol').click();
    await bob.say('the secret harbour');
    await carol.conversation('bob').waitFor();
    await bob.conversation('Lobby').click();
    await bob.page.getByRole('button', { name: 'Search messages' }).click();
    await bob.finds('harbour', bob.page.locator('.card').getByText('carol'));
    await bob.page.getByLabel('only in this conversation').check();
    await bob.finds('harbour', bob.page.getByText('Nothing was found.'));
    await bob.page.getByLabel('only in this conversation').uncheck();
    await bob.finds('harbour', bob.page.locator('.card').getByText('carol'));
    await bob.page.locator('.card').click();
    await bob.isTitled('carol – Parley');
    await bob.sees('the secret harbour');
  });

  it('are pinned for both in private, and found among what is pinned', async () => {
    const dan = await people.guest(service.url, 'dan');
    const eve = await people.guest(service.url, 'eve');
    await dan.person('eve').click();
    await dan.say('the door code is 1234');
    await eve.conversation('dan').click();
    await eve.sees('the door code is 1234');
    await dan.choose('the door code is 1234', 'Pin');
    await eve.message('the door code is 1234').getByText('pinned').waitFor({ state: 'attached' });
    await eve.page.getByRole('button', { name: 'Pinned messages' }).click();
    await eve.page.locator('.card').getByText('the door code is 1234').click();
    await eve.page.locator('dialog').waitFor({ state: 'detached' });
    await eve.choose('the door code is 1234', 'Unpin');
    await dan.message('the door code is 1234').getByText('pinned').waitFor({ state: 'detached' });
  });
});
