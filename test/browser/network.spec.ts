import { afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Route } from 'playwright-core';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';

/** Holds what is asked of the service, until it is let go. */
class Held {
  private isFree = false;
  private readonly routes: Route[] = [];

  readonly take = async (route: Route): Promise<void> => {
    if (this.isFree) await route.continue();
    else this.routes.push(route);
  };

  async letGo(): Promise<void> {
    this.isFree = true;
    await Promise.all(this.routes.splice(0).map((route) => route.continue()));
  }
}

describeWith('chromium', 'the page on a bad line', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { HEARTBEAT_INTERVAL: '60' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  it('says at once that the network is gone, and comes back with it', async () => {
    const alice = await people.guest(service.url, 'alice');
    await alice.slowDown(6);
    await alice.person('alice').waitFor();
    const context = alice.page.context();
    await context.setOffline(true);
    await alice.page.locator('.status').getByText('No network').waitFor();
    await alice.page.locator('.banner').getByText('Your device has no network.').waitFor();
    await alice.page.locator('main header').getByText('No network').waitFor();
    expect(await alice.page.locator('.people .count').count()).toBe(0);
    await alice.say('written on the train');
    await alice.page.locator('.message[data-state="pending"]').waitFor();
    await context.setOffline(false);
    await alice.isConnection('online');
    await alice.sees('written on the train');
  });

  it('does not say that all is well while the service owes an answer', async () => {
    const amy = await people.guest(service.url, 'amy');
    service.signal('SIGSTOP');
    await amy.say('Is anybody there?');
    await amy.isConnection('overdue');
    await amy.page.locator('.banner').getByText('does not answer').waitFor();
    service.signal('SIGCONT');
    await amy.isConnection('online');
    await amy.sees('Is anybody there?');
  });

  it('claims nothing before it knows: no number, no empty room, nobody away', async () => {
    const bob = await people.come(service.url);
    await bob.register('bob');
    const tickets = new Held();
    const pages = new Held();
    const directs = new Held();
    const alice = await people.come(`${service.url}/#/@bob`);
    await alice.slowDown(6);
    await alice.page.route('**/auth/ticket', tickets.take);
    await alice.page.route('**/messages?*', pages.take);
    await alice.page.route('**/direct?*', directs.take);
    await alice.page.locator('.ways label').nth(2).click();
    await alice.page.click('button[type=submit]');
    await alice.isConnection('connecting');
    for (const place of ['nav', '.people', '.log']) {
      await alice.page.locator(`${place} .skeleton`).getByText('Loading…').waitFor();
    }
    await alice.page.getByText('private · Connecting…').waitFor();
    await claimsNothing();

    await tickets.letGo();
    await alice.isConnection('online');
    await alice.page.locator('main header').getByText('private · online').waitFor();
    expect(await alice.page.locator('.log .skeleton').count()).toBe(1);
    await claimsNothing();

    await directs.letGo();
    await pages.letGo();
    await alice.page.getByText('Nothing was said yet.').waitFor();
    await alice.page.locator('.skeleton').waitFor({ state: 'detached' });

    async function claimsNothing(): Promise<void> {
      const text = await alice.page.locator('#page').innerText();
      expect(text).not.toMatch(/\b0 online|not online|Nothing was said/);
    }
  });

  it('says that messages are still to come where there is no connection to bring them', async () => {
    const alice = await people.come(service.url);
    await alice.page.route('**/messages?*', async (route) => route.abort());
    await alice.page.route('**/auth/ticket', async (route) => route.abort());
    await alice.page.locator('.ways label').nth(2).click();
    await alice.page.click('button[type=submit]');
    await alice.page.getByText('The messages are not loaded yet.').waitFor();
  });
});
