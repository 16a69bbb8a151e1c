import { afterEach, beforeAll, expect, it } from '@jest/globals';
import type { KeptTokens } from '@parley/client';
import type { Page } from 'playwright-core';
import { login, logout } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService, temporaryFolder } from '../support/service.js';
import { ChatPage, People } from './chat-page.js';

async function tokensOf(page: Page): Promise<KeptTokens> {
  const text = await page.evaluate('sessionStorage.getItem("parley.tokens")');
  return JSON.parse(String(text)) as KeptTokens;
}

function nextSent(page: Page, part: string): Promise<void> {
  return new Promise((resolve) => {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (payload.toString().includes(part)) resolve();
      });
    });
  });
}

describeWith('chromium', 'a session in the page', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  it('that was revoked leads back to the login, with the reason', async () => {
    const alice = await people.come(service.url);
    await alice.register('alice');
    const { accessToken } = await tokensOf(alice.page);
    await logout(service, accessToken);
    await alice.page.getByText('This session was ended.').waitFor();
    expect(await alice.page.evaluate('sessionStorage.getItem("parley.tokens")')).toBeNull();
    await alice.logIn('alice');
    await alice.isConnection('online');
  });

  it('that has expired leads back to the login, with the reason', async () => {
    const other = await startService();
    const alice = await people.guest(other.url, 'alice');
    await other.kill();
    await alice.isConnection('waiting');
    await other.start({ DATA_DIR: temporaryFolder() });
    await alice.page.getByText('Your session has expired.').waitFor();
  });

  it('is renewed in the open connection, before its token ends', async () => {
    const brief = await startService({ env: { ACCESS_TOKEN_TTL: '5' } });
    const alice = await people.come(brief.url);
    const renewed = nextSent(alice.page, '"type":9');
    await alice.enterAsGuest('alice');
    await renewed;
    await alice.say('still here');
    await alice.sees('still here');
  });

  it('lasts over a reload', async () => {
    const bea = await people.guest(service.url, 'bea');
    await bea.page.reload();
    await bea.isConnection('online');
    await bea.person('bea').waitFor();
  });

  it('is not shared by a duplicate of the tab, which would end it for both', async () => {
    const cat = await people.guest(service.url, 'cat');
    const [copy] = await Promise.all([
      cat.page.waitForEvent('popup'),
      cat.page.evaluate('void window.open(location.href)'),
    ]);
    await copy.locator('.login').waitFor();
    await cat.page.reload();
    await cat.isConnection('online');
  });

  it('is shared by all tabs where somebody stays logged in, and ends in all of them', async () => {
    const dora = await people.come(service.url);
    await dora.register('dora', { stay: true });
    const second = await ChatPage.open(await dora.page.context().newPage(), service.url);
    await second.isConnection('online');
    await dora.page.getByRole('button', { name: 'Log out' }).click();
    await dora.page.locator('.login').waitFor();
    await second.page.getByText(/another tab|was ended/).waitFor();
  });

  it('refuses a wrong password with a word, and a taken name too', async () => {
    const emma = await people.come(service.url);
    await emma.register('emma');
    const other = await people.come(service.url);
    await other.logIn('emma', 'not the password');
    await other.page.getByRole('alert').getByText('Wrong name or password.').waitFor();
    await other.page.locator('.ways label').nth(2).click();
    await other.page.fill('input[name=username]', 'emma');
    await other.page.click('button[type=submit]');
    await other.page.getByRole('alert').getByText('This name is taken.').waitFor();
    await expect(login(service, 'emma')).resolves.toBeDefined();
  });
});
