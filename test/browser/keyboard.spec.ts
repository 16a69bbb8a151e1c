import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

const PHONE = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true };

describeWith('chromium', 'the page by keyboard', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService({ env: { PRESENCE_GRACE: '0' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  async function press(chat: ChatPage, ...keys: readonly string[]): Promise<void> {
    for (const key of keys) await chat.page.keyboard.press(key);
  }

  it('chooses how to come in with the arrow keys, which stay within the choice', async () => {
    const ann = await people.come(service.url);
    await ann.slowDown(6);
    await ann.page.locator('.ways label').nth(2).waitFor();
    await ann.isFocused('input[name=username]');
    await press(ann, 'Shift+Tab', 'ArrowRight');
    await ann.page.getByText('Create account').waitFor();
    await ann.isFocused('.ways label:nth-of-type(2) input');
    await press(ann, 'ArrowRight');
    await ann.page.getByText('Enter as guest').waitFor();
    await ann.isFocused('.ways label:nth-of-type(3) input');
    await press(ann, 'Tab');
    await ann.isFocused('input[name=username]');
    await ann.page.keyboard.type('ann');
    await press(ann, 'Enter');
    await ann.isConnection('online');
    await ann.isFocused('#composer');
  });

  it('moves between conversations, tells which keys there are, and takes none from who writes', async () => {
    const bob = await people.guest(service.url, 'bob');
    const ann = await people.guest(service.url, 'anna');
    await bob.person('anna').click();
    await bob.say('psst');
    await ann.conversation('bob').waitFor();
    await press(ann, 'Alt+ArrowDown');
    await ann.isTitled('bob – Parley');
    await ann.isFocused('#composer');
    await press(ann, 'Alt+ArrowDown');
    await ann.isTitled('Lobby – Parley');
    await press(ann, 'Alt+ArrowUp');
    await ann.isTitled('bob – Parley');

    await ann.isFocused('#composer');
    await ann.page.keyboard.type('why?');
    expect(await ann.page.inputValue('#composer')).toBe('why?');
    const help = ann.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(await help.count()).toBe(0);
    await press(ann, 'Control+/');
    await help.waitFor();
    await help.getByText('Next conversation').waitFor();
    await press(ann, 'Alt+ArrowDown');
    await press(ann, 'Escape');
    await ann.page.locator('dialog').waitFor({ state: 'detached' });
    await ann.isFocused('#composer');
    await ann.isTitled('bob – Parley');

    await ann.page.locator('.log').focus();
    await press(ann, '?');
    await help.waitFor();
    await help.getByLabel('The key ? alone').uncheck();
    await press(ann, 'Escape');
    await ann.page.locator('dialog').waitFor({ state: 'detached' });
    await ann.isFocused('.log');
    await press(ann, '?');
    await press(ann, 'Control+/');
    await help.waitFor();
    expect(await help.count()).toBe(1);
  });

  it('does not lose its place where a button goes with what it did', async () => {
    const ann = await people.guest(service.url, 'ada');
    await ann.slowDown(6);
    await ann.page.getByRole('button', { name: 'Disconnect' }).focus();
    await press(ann, 'Enter');
    await ann.page.getByRole('button', { name: 'Connect now' }).focus();
    await press(ann, 'Enter');
    await ann.isConnection('online');
    await ann.isFocused('#composer');

    await ann.page.goto(`${service.url}/#/@nobody-there`);
    await ann.isTitled('nobody-there – Parley');
    await ann.say('Is anybody there?');
    await ann.page.getByRole('button', { name: 'Discard' }).focus();
    await press(ann, 'Enter');
    await ann.page.locator('.message[data-state]').waitFor({ state: 'detached' });
    await ann.isFocused('#composer');
  });

  it('goes back from the menu of a phone to its button, or on to what was chosen', async () => {
    await people.guest(service.url, 'ben');
    const ann = await people.guest(service.url, 'alma', PHONE);
    const opener = ann.page.locator('button.menu');
    for (const close of ['Escape', 'Enter']) {
      await opener.focus();
      await press(ann, 'Enter');
      await ann.isFocused('[aria-label="Close"]');
      await press(ann, close);
      await ann.isFocused('button.menu');
    }
    await press(ann, 'Enter');
    await ann.isFocused('[aria-label="Close"]');
    await ann.person('ben').focus();
    await ann.page.locator('.people button.entry', { hasText: 'ben' }).focus();
    await press(ann, 'Enter');
    await ann.isTitled('ben – Parley');
    await ann.isFocused('main h1');
  });

  it('says in words who is online, what is private, and who is a guest', async () => {
    const bob = await people.guest(service.url, 'boris');
    const ann = await people.guest(service.url, 'alba');
    await ann.person('boris').click();
    const entry = ann.page.getByRole('button', { name: /^boris private · online$/ });
    await entry.waitFor();
    await ann.page.locator('main header').getByText('private · online').waitFor();
    await ann.page.locator('.me').getByText('Guest').waitFor();
    await bob.page.context().close();
    await ann.page.getByRole('button', { name: /^boris private · not online$/ }).waitFor();
  });

  it('skips to writing without leaving the conversation', async () => {
    await people.guest(service.url, 'bill');
    const ann = await people.guest(service.url, 'abby');
    await ann.person('bill').click();
    await ann.isAt('/#/@bill');
    const steps = await ann.page.evaluate('history.length');
    await ann.page.getByText('Skip to writing').focus();
    await press(ann, 'Enter');
    await ann.isFocused('#composer');
    expect(ann.place()).toBe('/#/@bill');
    expect(await ann.page.evaluate('history.length')).toBe(steps);
  });
});
