import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

describeWith('chromium', 'whoever types', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { PRESENCE_GRACE: '0' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  /** What stands under the title. */
  const subtitle = (chat: ChatPage, text: string) =>
    chat.page.locator('.conversation-title p').getByText(text, { exact: true });

  it('is seen to by the others in the lobby, until they stop or have said it', async () => {
    const alice = await people.guest(service.url, 'alice');
    const bob = await people.guest(service.url, 'bob');
    await subtitle(bob, '2 online').waitFor();
    await alice.page.fill('#composer', 'hel');
    await subtitle(bob, 'alice is typing…').waitFor();
    // Nobody is told of it by voice: it would interrupt what is being read.
    expect(await bob.page.locator('[aria-live]').getByText('typing').count()).toBe(0);
    await bob.page.fill('#composer', 'me too');
    await subtitle(alice, 'bob is typing…').waitFor();
    await alice.page.fill('#composer', '');
    await subtitle(bob, '2 online').waitFor();
    await bob.page.press('#composer', 'Enter');
    await alice.sees('me too');
    await subtitle(alice, '2 online').waitFor();
  });

  it('is seen to in private, and in Chinese', async () => {
    const carol = await people.guest(service.url, 'carol');
    const dan = await people.guest(service.url, 'dan', { locale: 'zh-CN' });
    await carol.person('dan').click();
    await dan.person('carol').click();
    await carol.page.fill('#composer', '你好');
    await subtitle(dan, 'carol 正在输入…').waitFor();
    await carol.say('你好');
    await dan.sees('你好');
    await subtitle(dan, '私聊 · 在线').waitFor();
  });
});
