import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

describeWith('chromium', 'rooms in the page', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { PRESENCE_GRACE: '0' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  /** A room among the conversations at the side. */
  const listed = ({ page }: ChatPage, name: string) =>
    page.locator('nav .entry').filter({ hasText: name });
  const line = ({ page }: ChatPage, text: string) =>
    page.locator('.log .notice').getByText(text, { exact: true });

  it('are made, found, entered and left, and tell who comes and goes', async () => {
    const alice = await people.guest(service.url, 'alice');
    const bob = await people.guest(service.url, 'bob');
    await alice.makeRoom('gardening');
    await bob.page.getByRole('button', { name: 'Rooms' }).click();
    await bob.page.getByRole('button', { name: 'Join: gardening' }).click();
    await bob.page.getByRole('heading', { level: 1, name: 'gardening' }).waitFor();
    await line(alice, 'bob joined').waitFor();
    await bob.say('tomatoes');
    await alice.sees('tomatoes');

    await bob.page.getByRole('button', { name: 'Members of the room' }).click();
    await bob.page.getByRole('dialog').getByText('an owner').waitFor();
    await bob.page.getByRole('button', { name: 'Leave the room' }).click();
    await line(alice, 'bob left the room').waitFor();
    await bob.page.getByText('You are not in this room.').waitFor();
    expect([alice.faults, bob.faults]).toEqual([[], []]);
  });

  it('show what is unread, also after the page is loaded anew', async () => {
    const carol = await people.guest(service.url, 'carol');
    const dan = await people.guest(service.url, 'dan');
    await carol.makeRoom('kitchen');
    await carol.page.getByRole('button', { name: 'Members of the room' }).click();
    await carol.page.fill('input[name=member]', 'dan');
    await carol.page.getByRole('button', { name: 'Add', exact: true }).click();
    await carol.page.getByRole('dialog').getByText('dan', { exact: true }).waitFor();
    await carol.page.keyboard.press('Escape');
    await listed(dan, 'kitchen').waitFor();
    await carol.say('soup');
    await carol.say('bread');
    await listed(dan, 'kitchen').getByText('2 unread messages').waitFor();
    await dan.page.reload();
    await listed(dan, 'kitchen').getByText('2 unread messages').waitFor();
    await listed(dan, 'kitchen').click();
    await dan.sees('bread');
    await listed(dan, 'kitchen').locator('.badge').waitFor({ state: 'detached' });
    await line(carol, 'carol brought dan in').waitFor();
    expect([carol.faults, dan.faults]).toEqual([[], []]);
  });

  describe('that somebody is not in', () => {
    it('can be entered from a link to them', async () => {
      const eve = await people.guest(service.url, 'eve');
      const fay = await people.guest(service.url, 'fay');
      await eve.makeRoom('attic');
      await fay.page.goto(`${service.url}/#/attic`);
      await fay.page.getByRole('button', { name: 'Join', exact: true }).click();
      await listed(fay, 'attic').waitFor();
      await fay.say('hello, attic');
      await eve.sees('hello, attic');
    });
  });
});
