import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { PLAIN_HOST } from '../support/browser.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { ChatPage, People } from './chat-page.js';

/** Resolves when a page has renewed its token in the open connection so many times. */
function renewals(page: Page, times: number): Promise<void> {
  let left = times;
  return new Promise((resolve) => {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (payload.toString().includes('"type":9') && --left === 0) resolve();
      });
    });
  });
}

describeWith('chromium', 'a page over plain HTTP, which has no locks', () => {
  const people = new People();
  let service: Service;
  let url: string;

  beforeEach(async () => {
    service = await startService({ env: { ACCESS_TOKEN_TTL: '5' } });
    url = service.url.replace('127.0.0.1', PLAIN_HOST);
  });
  afterEach(async () => {
    await people.leave();
    await service.kill();
  });

  it('stays logged in in three tabs that refresh at the same time [S52]', async () => {
    const alice = await people.come(url);
    expect(await alice.page.evaluate('"locks" in navigator')).toBe(false);
    await alice.register('alice', { stay: true });
    const context = alice.page.context();
    const renewed: Promise<void>[] = [];
    const tabs: ChatPage[] = [];
    for (let n = 0; n < 3; n++) {
      const page = await context.newPage();
      renewed.push(renewals(page, 2));
      tabs.push(await ChatPage.open(page, url));
    }
    await Promise.all(renewed);
    for (const [n, tab] of tabs.entries()) {
      await tab.isConnection('online');
      await tab.say(`from tab ${n}`);
    }
    for (let n = 0; n < tabs.length; n++) await alice.sees(`from tab ${n}`);
  });

  it('is not shared by a duplicate of the tab, which would end it for both', async () => {
    const alice = await people.guest(url, 'alice');
    const [copy] = await Promise.all([
      alice.page.waitForEvent('popup'),
      alice.page.evaluate('void window.open(location.href)'),
    ]);
    await copy.locator('.login').waitFor();
    await alice.page.reload();
    await alice.isConnection('online');
  });
});

describeWith('chromium', 'a page whose refresh had no answer', () => {
  const people = new People();
  let service: Service;

  beforeEach(async () => {
    service = await startService({ env: { ACCESS_TOKEN_TTL: '5' } });
  });
  afterEach(async () => {
    await people.leave();
    await service.kill();
  });

  it('goes on, after a reload in the middle of it, too [S52]', async () => {
    const alice = await people.come(service.url);
    let lost = 0;
    const loseTwo = new Promise<void>((resolve) => {
      void alice.page.route('**/auth/refresh', async (route) => {
        if (lost === 2) return route.continue();
        // The service answers, and the page does not hear of it.
        await route.fetch();
        lost += 1;
        if (lost === 1) await alice.page.reload();
        else resolve();
        return route.abort();
      });
    });
    await alice.enterAsGuest('alice');
    await loseTwo;
    await alice.page.waitForResponse((response) => response.url().endsWith('/auth/refresh'));
    await alice.isConnection('online');
    await alice.say('still here');
    await alice.sees('still here');
  });
});
