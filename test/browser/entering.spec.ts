import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, register } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { ChatPage, People } from './chat-page.js';

const [LOG_IN, REGISTER, GUEST] = [0, 1, 2] as const;
const NAME = 'input[name=username]';
const SECRET = 'input[name=password]';

describeWith('chromium', 'coming in by the page', () => {
  const people = new People();
  let service: Service;
  let open: ChatPage;

  beforeAll(async () => {
    service = await startService({ env: { MIN_PASSWORD_LENGTH: '12' } });
  });
  afterEach(async () => {
    await people.leave();
  });

  async function at(way: number, options = {}): Promise<ChatPage> {
    open = await people.come(service.url, options);
    await open.page.locator('.ways label').nth(way).click();
    return open;
  }

  async function isRefused(name: string, secret: string | null, text: string): Promise<void> {
    await open.page.fill(NAME, name);
    if (secret !== null) await open.page.fill(SECRET, secret);
    await open.page.click('button[type=submit]');
    await open.page.getByRole('alert').getByText(text, { exact: true }).waitFor();
  }

  it('says each rule of a name in words, and goes to the name', async () => {
    const { page } = await at(GUEST);
    await open.slowDown(6);
    for (const [name, text] of [
      ['Ann Lee', 'A name has no spaces in it. Write - or _ instead.'],
      ['@ann', 'A name does not begin with @.'],
      ['ann/lee', 'A name has no / and no : in it.'],
      ['ann☺', 'A name has no ☺ in it: only letters, digits and plain signs.'],
      ['a'.repeat(33), 'A name has at most 32 characters.'],
    ] as const) {
      await isRefused(name, null, text);
      await open.isFocused(`${NAME}[aria-invalid=true][aria-describedby~=fault]`);
    }
    // One that only the service knows to refuse.
    await page.fill(NAME, 'אבa');
    await page.click('button[type=submit]');
    await page.getByText('This name cannot be used.').waitFor();
    await open.isFocused(NAME);
  });

  it('says them in the language of the page, and the browser says nothing', async () => {
    const { page } = await at(REGISTER, { locale: 'zh-CN' });
    await page.click('button[type=submit]');
    await page.getByRole('alert').getByText('请输入名称。').waitFor();
    await isRefused('王小明', 'short', '密码过短，至少 12 个字符。');
    expect(await page.locator('form').getAttribute('novalidate')).not.toBeNull();
  });

  it('asks for as long a password as the service wants, and cuts none', async () => {
    const { page } = await at(REGISTER);
    await page.getByText('At least 12 characters.').waitFor();
    await isRefused('ben', 'a'.repeat(11), 'The password is too short: at least 12 characters.');
    await open.isFocused(`${SECRET}[aria-describedby~=password-hint]`);
    // As from the clipboard.
    await page.fill(SECRET, '');
    await page.focus(SECRET);
    await page.keyboard.insertText('a'.repeat(140));
    expect((await page.inputValue(SECRET)).length).toBe(140);
    await page.click('button[type=submit]');
    await page.getByText('it has 140 characters, and 128 are the most.').waitFor();
  });

  it('goes to the password where the two do not belong together', async () => {
    await register(service, 'cleo');
    await at(LOG_IN);
    await isRefused('cleo', 'not the password', 'Wrong name or password.');
    await open.isFocused(`${SECRET}[aria-invalid=true]`);
    await open.page.keyboard.type(PASSWORD);
    await open.page.keyboard.press('Enter');
    await open.isConnection('online');
  });

  it.each([
    [{ GUESTS: 'false' }, ['Log in', 'Register']],
    [{ REGISTRATION: 'false' }, ['Log in', 'Guest']],
    [{ GUESTS: 'false', REGISTRATION: 'false' }, []],
  ])('offers what is open with %j', async (env, ways) => {
    const closed = await startService({ env });
    const { page } = await people.come(closed.url);
    const options = page.waitForResponse('**/auth/options');
    await page.reload();
    await options;
    await page
      .locator('.ways label')
      .nth(ways.length - 1 + Number(ways.length === 0))
      .waitFor({
        state: ways.length === 0 ? 'detached' : 'visible',
      });
    expect(await page.locator('.ways label').allInnerTexts()).toEqual(ways);
    await closed.kill();
  });

  it('offers every way where the service does not say which are open', async () => {
    const { page } = await people.come(service.url);
    await page.route('**/auth/options', async (route) => route.abort());
    await page.reload();
    await page.locator('.ways label').nth(2).waitFor();
  });

  describe('as a guest', () => {
    it('says before how long the name lasts, and asks before it is given up', async () => {
      const { page } = await at(GUEST);
      await page.getByText('until they log out or close this tab').waitFor();
      await page.check('input[name=stay]');
      await page.getByText('until they log out. After that').waitFor();
      await page.uncheck('input[name=stay]');
      await page.fill(NAME, 'dora');
      await page.click('button[type=submit]');
      await open.isConnection('online');

      await page.getByRole('button', { name: 'Log out' }).click();
      const dialog = page.getByRole('dialog', { name: 'Log out?' });
      await dialog.getByText('nobody can come back as dora').waitFor();
      await dialog.getByRole('button', { name: 'Stay' }).click();
      await dialog.waitFor({ state: 'detached' });
      await open.isFocused('[aria-label="Log out"]');
      await page.getByRole('button', { name: 'Log out' }).click();
      await dialog.getByRole('button', { name: 'Log out' }).click();
      await page.locator('.login').waitFor();
    });

    it.each([
      ['whose name goes with the tab is asked before it closes', 'emma', false, true],
      ['who was given a name and has said nothing is not', '', false, false],
      ['who stays logged in is not', 'enid', true, false],
    ])('%s', async (_, name, stay, isAsked) => {
      const { page } = await at(GUEST);
      await page.fill(NAME, name);
      if (stay) await page.check('input[name=stay]');
      await page.click('button[type=submit]');
      await open.isConnection('online');
      expect(await asksBeforeClosing()).toBe(isAsked);
      if (name !== '') return;
      await open.say('something');
      await open.sees('something');
      expect(await asksBeforeClosing()).toBe(true);
    });

    /** Closes the tab, and stays where the browser asks. */
    async function asksBeforeClosing(): Promise<boolean> {
      const { page } = open;
      const isAsked = await page.evaluate(`{
        const leaving = new Event('beforeunload', { cancelable: true });
        !window.dispatchEvent(leaving);
      }`);
      return isAsked === true;
    }
  });

  it('with an account is not asked at the log-out, unless something was not sent', async () => {
    await at(REGISTER);
    await open.register('finn');
    await open.page.getByRole('button', { name: 'Disconnect' }).click();
    await open.say('not sent yet');
    await open.page.getByRole('button', { name: 'Log out' }).click();
    const dialog = open.page.getByRole('dialog', { name: 'Log out?' });
    await dialog.getByText('1 message is not sent yet').waitFor();
    await dialog.getByRole('button', { name: 'Stay' }).click();
    await open.page.getByRole('button', { name: 'Connect', exact: true }).click();
    await open.sees('not sent yet');
    await open.page.getByRole('button', { name: 'Log out' }).click();
    await open.page.locator('.login').waitFor();
  });

  it('and going again, nothing is refused, whatever was on its way', async () => {
    await register(service, 'gwen');
    const { page } = await at(LOG_IN);
    const refused: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() === 401) refused.push(answer.url());
    });
    const held: (() => Promise<void>)[] = [];
    for (const call of ['**/messages?*', '**/direct?*']) {
      await page.route(call, (route) => {
        held.push(() => route.continue());
      });
    }
    await page.fill(NAME, 'gwen');
    await page.fill(SECRET, PASSWORD);
    await page.check('input[name=stay]');
    await page.click('button[type=submit]');
    await open.isConnection('online');
    const second = await ChatPage.open(await page.context().newPage(), service.url);
    second.page.on('response', (answer) => {
      if (answer.status() === 401) refused.push(answer.url());
    });
    await second.isConnection('online');
    const loggedOut = page.waitForResponse('**/auth/logout');
    await page.getByRole('button', { name: 'Log out' }).click();
    expect((await loggedOut).status()).toBe(204);
    // What the page had asked for gets through only now; who gave it up cannot be let go.
    await Promise.all(held.map((letGo) => letGo().catch(() => undefined)));
    await second.page.locator('.login').waitFor();
    await page.locator('.login').waitFor();
    expect(refused).toEqual([]);
  });
});
