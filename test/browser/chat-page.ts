import { afterAll, beforeAll } from '@jest/globals';
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from 'playwright-core';
import { until } from '../support/bounded.js';
import { openBrowser } from '../support/browser.js';
import { PASSWORD } from '../support/people.js';

const PATIENCE_MS = 45_000;
const SEARCH_MS = 2_000;

/** Those who sit at a browser; each has a profile of their own. */
export class People {
  private browser: Browser | null = null;
  private readonly contexts: BrowserContext[] = [];

  /** Opens the browser before the tests of the file and closes it after them. */
  constructor() {
    beforeAll(async () => {
      this.browser = await openBrowser();
    });
    afterAll(async () => {
      await this.browser?.close();
    });
  }

  /** A new profile at the login of a service. */
  async come(url: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    if (this.browser === null) throw new Error('the browser is not running');
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    this.contexts.push(context);
    return await ChatPage.open(await context.newPage(), url);
  }

  /** A guest of that name, in the chat. */
  async guest(url: string, name: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    const page = await this.come(url, options);
    await page.enterAsGuest(name);
    return page;
  }

  /** Everybody goes. */
  async leave(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }
}

/** The page as one person uses it. Everything waits until it can be done. */
export class ChatPage {
  /** Errors of scripts, and what the browser blocked. */
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.faults.push(message.text());
    });
  }

  static async open(page: Page, url: string): Promise<ChatPage> {
    const chat = new ChatPage(page);
    await page.goto(url);
    return chat;
  }

  async register(name: string, options: { stay?: boolean } = {}): Promise<void> {
    await this.chooseWay(1);
    await this.page.fill('input[name=username]', name);
    await this.page.fill('input[name=password]', PASSWORD);
    if (options.stay === true) await this.page.check('input[name=stay]');
    await this.submit();
  }

  async logIn(name: string, password = PASSWORD): Promise<void> {
    await this.chooseWay(0);
    await this.page.fill('input[name=username]', name);
    await this.page.fill('input[name=password]', password);
    await this.page.click('button[type=submit]');
  }

  async enterAsGuest(name: string): Promise<void> {
    await this.chooseWay(2);
    await this.page.fill('input[name=username]', name);
    await this.submit();
  }

  async say(text: string): Promise<void> {
    await this.page.fill('#composer', text);
    // Enter alone begins a line on a phone.
    await this.page.press('#composer', 'Control+Enter');
  }

  /** A message that is shown, stored, with exactly this text. */
  message(text: string): Locator {
    return this.page.locator('.message:not([data-state])').filter({
      has: this.page.locator('.text').getByText(text, { exact: true }),
    });
  }

  /** Waits until a message is shown. */
  async sees(text: string): Promise<void> {
    await this.message(text).first().waitFor();
  }

  /** Chooses something from the menu of a message. */
  async choose(text: string, choice: string): Promise<void> {
    await this.openMenu(text);
    await this.page.locator('.message-menu').getByRole('button', { name: choice }).click();
  }

  async openMenu(text: string): Promise<void> {
    await this.message(text).first().hover();
    await this.message(text).first().locator('.more').click();
    await this.page.locator('.message-menu').waitFor();
  }

  /** A line about somebody who came or went. */
  notice(text: string): Locator {
    return this.page.locator('.notice').getByText(text, { exact: true });
  }

  /** Waits for a state of the connection: `online`, `waiting`, `offline`. */
  async isConnection(state: string): Promise<void> {
    // On a phone it is in the menu, out of sight.
    await this.page.locator(`.status[data-state="${state}"]`).waitFor({ state: 'attached' });
  }

  /** Makes a room, and is in it. */
  async makeRoom(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Rooms' }).click();
    await this.page.fill('input[name=room]', name);
    await this.page.getByRole('button', { name: 'Make the room' }).click();
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** Enters a room that everybody may find. */
  async joinRoom(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Rooms' }).click();
    await this.page.getByRole('button', { name: `Join: ${name}` }).click();
    await this.page.getByRole('heading', { level: 1, name }).waitFor();
  }

  /** Searches, in the dialog, again until it is shown: it is in the index a moment after it was said. */
  async finds(words: string, shown: Locator): Promise<void> {
    await this.page.fill('input[name=q]', words);
    const look = async (): Promise<true | null> => {
      await this.page.press('input[name=q]', 'Enter');
      const isShown = shown.first().waitFor({ timeout: SEARCH_MS });
      return isShown.then(
        () => true,
        () => null,
      );
    };
    await until(look, `"${words}" to be found`, () => 'it is not', PATIENCE_MS);
  }

  person(name: string): Locator {
    return this.page.locator('.people .entry').getByText(name, { exact: true });
  }

  conversation(name: string): Locator {
    return this.page
      .locator('nav .entry')
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Waits until the tab is called so. */
  async isTitled(title: string): Promise<void> {
    // Runs in the page, whose globals this project does not know.
    await this.page.waitForFunction(
      (wanted) => Reflect.get(Reflect.get(globalThis, 'document') as object, 'title') === wanted,
      title,
    );
  }

  /** Has the processor work so many times slower for this page, as on an old or busy machine. */
  async slowDown(times: number): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: times });
  }

  /** Waits until what has the focus matches a selector. */
  async isFocused(selector: string): Promise<void> {
    await this.page.locator(`${selector}:focus`).waitFor({ state: 'attached' });
  }

  /** Where the page is, after the service's own address: `/#/lobby`. */
  place(): string {
    const { pathname, hash } = new URL(this.page.url());
    return pathname + hash;
  }

  /** Waits until the page is at such a place. */
  async isAt(place: string): Promise<void> {
    await this.page.waitForURL((url) => url.pathname + url.hash === place);
  }

  /** Texts of the messages that are shown, from the oldest. */
  async texts(): Promise<readonly string[]> {
    return await this.page.locator('.message .text').allTextContents();
  }

  private async chooseWay(way: number): Promise<void> {
    await this.page.locator('.ways label').nth(way).click();
  }

  private async submit(): Promise<void> {
    await this.page.click('button[type=submit]');
    await this.isConnection('online');
  }
}
