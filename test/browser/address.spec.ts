import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

const PHONE = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true };

describeWith('chromium', 'the address of the page', () => {
  const people = new People();
  let service: Service;
  let bob: ChatPage;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  async function withBob(name: string, options = {}): Promise<ChatPage> {
    bob = await people.guest(service.url, `bob-${name}`);
    const page = await people.guest(service.url, name, options);
    await page.person(`bob-${name}`).waitFor({ state: 'attached' });
    return page;
  }

  it('names the conversation, as the title does, and Back and Forward move between them', async () => {
    const ann = await withBob('ann');
    await ann.slowDown(6);
    expect(ann.place()).toBe('/#/lobby');
    await ann.isTitled('Lobby – Parley');
    await ann.person('bob-ann').click();
    await ann.isAt('/#/@bob-ann');
    await ann.isTitled('bob-ann – Parley');
    await ann.page.goBack();
    await ann.isTitled('Lobby – Parley');
    expect(ann.place()).toBe('/#/lobby');
    await ann.page.goForward();
    await ann.isTitled('bob-ann – Parley');
    await bob.say('meanwhile');
    await ann.isTitled('(1) bob-ann – Parley');
  });

  it('survives a reload, and an address that somebody edits to what names nothing', async () => {
    const ann = await withBob('anna');
    await ann.person('bob-anna').click();
    await ann.isAt('/#/@bob-anna');
    await ann.page.reload();
    await ann.isConnection('online');
    await ann.isTitled('bob-anna – Parley');
    await ann.page.evaluate('location.hash = "#nowhere"');
    await ann.isAt('/#/@bob-anna');
    await ann.isTitled('bob-anna – Parley');
  });

  it('leads there from outside, after the log-in too, under the one spelling of the name', async () => {
    await withBob('annie');
    const eve = await people.come(`${service.url}/#/@BOB-Annie`);
    await eve.enterAsGuest('eve');
    await eve.isAt('/#/@bob-annie');
    await eve.say('found you');
    await bob.conversation('eve').getByText('1 unread message').waitFor();
    expect(await eve.page.locator('nav .entry').count()).toBe(2);
  });

  it('that names nobody says so, and one that names oneself is the lobby', async () => {
    const fay = await people.come(`${service.url}/#/@nobody-at-all`);
    await fay.enterAsGuest('fay');
    await fay.page.locator('main header').getByText('There is nobody of that name').waitFor();
    await fay.page.goto(`${service.url}/#/@FAY`);
    await fay.isTitled('Lobby – Parley');
    expect(fay.place()).toBe('/#/lobby');
  });

  it('goes back from what lies over the conversation first, and not out of the chat', async () => {
    const gil = await withBob('gil', PHONE);
    await gil.slowDown(6);
    await gil.page.locator('button.menu').click();
    await gil.page.locator('.sidebar:not([inert])').waitFor();
    await gil.page.goBack();
    await gil.page.locator('.sidebar[inert]').waitFor({ state: 'attached' });
    expect(gil.place()).toBe('/#/lobby');

    await gil.page.getByRole('button', { name: 'Download history' }).click();
    await gil.page.locator('dialog[open]').waitFor();
    await gil.page.goBack();
    await gil.page.locator('dialog').waitFor({ state: 'detached' });

    // What was chosen in the menu stands in its place: one step back is the conversation before.
    await gil.page.locator('button.menu').click();
    await gil.person('bob-gil').click();
    await gil.isTitled('bob-gil – Parley');
    await gil.page.goBack();
    await gil.isTitled('Lobby – Parley');
    expect(await gil.page.locator('.sidebar[inert]').count()).toBe(1);
  });

  it('tells whoever logs in next nothing of the one before', async () => {
    const hal = await people.come(service.url);
    await hal.register('hal');
    await hal.page.goto(`${service.url}/#/@someone`);
    await hal.isTitled('someone – Parley');
    await hal.page.getByRole('button', { name: 'Log out' }).click();
    await hal.page.locator('.login').waitFor();
    expect(hal.place()).toBe('/');
  });
});
