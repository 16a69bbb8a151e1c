import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

describeWith('chromium', 'messages that change', () => {
  const people = new People();
  let service: Service;
  let pairs = 0;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  /** Two people in the lobby. Nothing that one of them says is like anything that was said before. */
  async function pair() {
    const number = String(++pairs);
    const alice = await people.guest(service.url, `alice-${number}`);
    const bob = await people.guest(service.url, `bob-${number}`);
    const text = (what: string): string => `${what} ${number}`;
    const say = async (who: ChatPage, what: string): Promise<void> => {
      await who.say(text(what));
      await Promise.all([alice.sees(text(what)), bob.sees(text(what))]);
    };
    return { alice, bob, text, say };
  }

  const reaction = (chat: ChatPage, text: string) => chat.message(text).locator('.reaction');

  it('are seen by others at once with another text, and so after a reload', async () => {
    const { alice, bob, text, say } = await pair();
    await say(alice, 'helo');
    await alice.page.fill('#composer', 'a draft');
    await alice.choose(text('helo'), 'Edit');
    expect(await alice.page.inputValue('#composer')).toBe(text('helo'));
    await alice.say(text('hello'));
    for (const chat of [bob, alice]) {
      await chat.message(text('hello')).getByText('edited', { exact: true }).waitFor();
      expect(await chat.message(text('helo')).count()).toBe(0);
    }
    // What was begun before is there again.
    expect(await alice.page.inputValue('#composer')).toBe('a draft');
    await bob.page.reload();
    await bob.message(text('hello')).getByText('edited', { exact: true }).waitFor();
    expect([alice.faults, bob.faults]).toEqual([[], []]);
  });

  it('are nothing but a line once they are deleted, and so after a reload', async () => {
    const { alice, bob, text, say } = await pair();
    await say(alice, 'a slip');
    await alice.choose(text('a slip'), 'Delete');
    await alice.page.getByRole('button', { name: 'Keep it' }).click();
    await alice.choose(text('a slip'), 'Delete');
    await alice.page.locator('.message-menu').getByRole('button', { name: 'Delete' }).click();
    for (const chat of [bob, alice]) {
      await chat.message('(deleted)').last().waitFor();
      expect(await chat.message(text('a slip')).count()).toBe(0);
    }
    await bob.page.reload();
    await bob.message('(deleted)').last().waitFor();
    expect(await bob.page.locator('.log').textContent()).not.toContain(text('a slip'));
    expect(await bob.message('(deleted)').last().locator('.more').count()).toBe(0);
  });

  it('are reacted to, and that can be joined and taken back', async () => {
    const { alice, bob, text, say } = await pair();
    await say(alice, 'lunch?');
    await bob.choose(text('lunch?'), 'React with 👍');
    await reaction(alice, text('lunch?')).getByText('1').waitFor();
    expect(await reaction(alice, text('lunch?')).getAttribute('aria-pressed')).toBe('false');
    await reaction(alice, text('lunch?')).click();
    await reaction(bob, text('lunch?')).getByText('2').waitFor();
    await bob.page.reload();
    await reaction(bob, text('lunch?')).getByText('2').waitFor();
    expect(await reaction(bob, text('lunch?')).getAttribute('aria-pressed')).toBe('true');
    await reaction(bob, text('lunch?')).click();
    await reaction(alice, text('lunch?')).getByText('1').waitFor();
    await reaction(alice, text('lunch?')).click();
    await reaction(bob, text('lunch?')).waitFor({ state: 'detached' });
  });

  it('are told why they do not change, in the language of the page', async () => {
    const { alice, text, say } = await pair();
    await say(alice, 'contested');
    await alice.page.getByRole('button', { name: '中文' }).click();
    await alice.choose(text('contested'), '编辑');
    await alice.page.route('**/rooms/lobby/messages/*', (route) =>
      route.fulfill({ status: 409, json: { code: 'edit-conflict' } }),
    );
    await alice.say('other');
    await alice.page.getByText('它已在别处被修改，请重新查看。').waitFor();
    expect(await alice.page.inputValue('#composer')).toBe('other');
  });

  it('are changed with the keyboard alone', async () => {
    const { alice, bob, text, say } = await pair();
    const { keyboard } = alice.page;
    await say(alice, 'one');
    await say(alice, 'two');
    await alice.page.fill('#composer', '');
    await alice.page.focus('#composer');
    await keyboard.press('ArrowUp');
    await alice.page.getByText('Editing your message').waitFor();
    expect(await alice.page.inputValue('#composer')).toBe(text('two'));
    await keyboard.press('Escape');
    await alice.page.getByText('Editing your message').waitFor({ state: 'detached' });

    await alice.page.locator('.log').focus();
    await keyboard.press('Tab');
    // Of all of them, Tab stops at the last one.
    await alice.isFocused('.more[tabindex="0"]');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await alice.isFocused('.message-menu button');
    await keyboard.press('Escape');
    await alice.page.locator('.message-menu').waitFor({ state: 'detached' });
    await alice.isFocused('.more');
    await keyboard.press('Enter');
    await alice.isFocused('.message-menu button');
    await keyboard.press('Enter');
    await reaction(bob, text('one')).getByText('1').waitFor();
    await alice.isFocused('.more');
  });
});
