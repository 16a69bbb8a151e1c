import { afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../support/bounded.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { ChatPage, People } from './chat-page.js';
import { seed } from './seeding.js';

/** Headless, no tab is ever behind another one: the page is told that it is. */
async function turn(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

/** The message below the line before what is new, once that line can be seen. */
async function firstNew(chat: ChatPage): Promise<string | null> {
  const mark = chat.page.locator('.unread-mark');
  await mark.waitFor();
  await until(
    async () => ((await isInView(chat, '.unread-mark')) ? true : null),
    'the line to come into view',
    () => 'somewhere else',
  );
  return await chat.page.locator('.unread-mark + .message .text').textContent();
}

async function isInView(chat: ChatPage, selector: string): Promise<boolean> {
  const log = await chat.page.locator('.log').boundingBox();
  const box = await chat.page.locator(selector).boundingBox();
  if (log === null || box === null) return false;
  return box.y >= log.y && box.y + box.height <= log.y + log.height;
}

/** As somebody does who presses the key until there is nothing more: what is below may still load. */
async function end(chat: ChatPage): Promise<void> {
  const log = chat.page.locator('.log');
  await log.focus();
  const isAtEnd = `(log => log.scrollHeight - log.scrollTop - log.clientHeight < 2)
    (document.querySelector('.log'))`;
  do {
    await chat.page.keyboard.press('End');
    await chat.page.evaluate('new Promise((done) => requestAnimationFrame(done))');
  } while (!(await chat.page.evaluate<boolean>(isAtEnd)));
}

describeWith('chromium', 'what is unread', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
    await seed(service, 'past', 40);
  });
  afterEach(async () => {
    await people.leave();
  });

  it('begins below a line after a reload, and the page there, however much it is', async () => {
    const alice = await people.come(service.url);
    await alice.register('alice', { stay: true });
    await alice.sees('past 40');
    expect(await alice.page.locator('.unread-mark').count()).toBe(0);
    await alice.page.goto('about:blank');
    await seed(service, 'meanwhile', 38);

    await alice.page.goto(service.url);
    expect(await firstNew(alice)).toBe('meanwhile 1');
    await alice.page.getByRole('button', { name: /new messages/ }).waitFor();
    await end(alice);
    await alice.page.locator('.jump').waitFor({ state: 'detached' });
    await alice.isTitled('Lobby – Parley');
    // It stays until the conversation is left.
    await alice.say('I have read it all');
    await alice.sees('I have read it all');
    expect(await alice.page.locator('.unread-mark').count()).toBe(1);

    await alice.page.goto('about:blank');
    await seed(service, 'very-much', 250);
    await alice.page.goto(service.url);
    expect(await firstNew(alice)).toBe('very-much 1');
    await alice.page.getByRole('button', { name: /new messages/ }).click();
    await alice.sees('very-much 250');
    await alice.isTitled('Lobby – Parley');
    await alice.page.reload();
    await alice.sees('very-much 250');
    expect(await alice.page.locator('.unread-mark').count()).toBe(0);
  });

  it('is what comes while the tab is hidden, and begins below a line on the return', async () => {
    const bob = await people.guest(service.url, 'bob');
    await turn(bob.page, 'hidden');
    await seed(service, 'hidden', 38);
    await bob.isTitled('(38) Lobby – Parley');
    await turn(bob.page, 'visible');
    expect(await firstNew(bob)).toBe('hidden 1');
    await end(bob);
    await bob.isTitled('Lobby – Parley');

    await turn(bob.page, 'hidden');
    await seed(service, 'later', 1);
    await bob.isTitled('(1) Lobby – Parley');
    await turn(bob.page, 'visible');
    expect(await firstNew(bob)).toBe('later 1');
    await bob.isTitled('Lobby – Parley');
  });

  it('is what was missed while there was no connection', async () => {
    const carol = await people.guest(service.url, 'carol');
    await carol.page.getByRole('button', { name: 'Disconnect' }).click();
    await carol.isConnection('offline');
    await seed(service, 'missed', 5);
    await carol.page.getByRole('button', { name: 'Connect', exact: true }).click();
    expect(await firstNew(carol)).toBe('missed 1');
    await carol.isTitled('Lobby – Parley');
  });

  it('leaves whoever reads back where they are, and counts', async () => {
    const dave = await people.guest(service.url, 'dave');
    await dave.page.locator('.message').first().waitFor();
    await dave.page.locator('.log').focus();
    await dave.page.keyboard.press('PageUp');
    await dave.page.locator('.jump').waitFor();
    await turn(dave.page, 'hidden');
    await seed(service, 'below', 3);
    await turn(dave.page, 'visible');
    await dave.page.getByRole('button', { name: '3 new messages' }).waitFor();
    expect(await isInView(dave, '.unread-mark')).toBe(false);
  });

  it('is read in all tabs once it was read in one, and not before', async () => {
    const erin = await people.come(service.url);
    await erin.register('erin', { stay: true });
    const other = await ChatPage.open(await erin.page.context().newPage(), service.url);
    await other.isConnection('online');
    await Promise.all([turn(erin.page, 'hidden'), turn(other.page, 'hidden')]);
    await seed(service, 'for-both', 2);
    const frank = await people.guest(service.url, 'frank');
    await frank.person('erin').click();
    await frank.say('Just for you');
    await Promise.all([erin.isTitled('(3) Lobby – Parley'), other.isTitled('(3) Lobby – Parley')]);

    await turn(erin.page, 'visible');
    await Promise.all([erin.isTitled('(1) Lobby – Parley'), other.isTitled('(1) Lobby – Parley')]);
    await erin.conversation('frank').click();
    await Promise.all([erin.isTitled('frank – Parley'), other.isTitled('Lobby – Parley')]);
    await other.conversation('frank').locator('.badge').waitFor({ state: 'detached' });
  });

  it('is told in the language that was chosen in another tab', async () => {
    const gina = await people.come(service.url);
    await gina.register('gina', { stay: true });
    const other = await ChatPage.open(await gina.page.context().newPage(), service.url);
    await other.isConnection('online');
    const hugo = await people.guest(service.url, 'hugo');
    await hugo.person('gina').click();
    await hugo.say('Hello');
    await other.conversation('hugo').getByText('1 unread message').waitFor();
    await gina.page.getByRole('button', { name: '中文' }).click();
    await other.conversation('hugo').getByText('1 条未读消息').waitFor();
    expect(await other.page.getAttribute('html', 'lang')).toBe('zh-CN');
    await other.page.getByText('已连接').waitFor();
  });
});
