import { afterEach, beforeAll, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const PHONE = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true };
const VIEWS: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['in English', {}],
  ['in Chinese, dark', { locale: 'zh-CN', colorScheme: 'dark' }],
  ['in forced colours', { forcedColors: 'active' }],
  ['on a phone', PHONE],
  ['on a phone on its side', { ...PHONE, viewport: { width: 844, height: 340 } }],
];

/** What of the page keeps somebody out, by WCAG 2.2 AA, as far as a program can tell. */
async function barriers(page: Page): Promise<readonly string[]> {
  if ((await page.evaluate('typeof window.axe')) === 'undefined') await page.evaluate(axe.source);
  // Colours on their way from one state to the next are those of neither.
  await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finish()))');
  const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] });
  return await page.evaluate<readonly string[]>(`axe.run(${options}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => [id, target, failureSummary].join(' '))))`);
}

describeWith('chromium', 'the page for everybody', () => {
  const people = new People();
  let service: Service;
  let state: string;
  let found: Record<string, readonly string[]>;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  async function look(chat: ChatPage, what: string): Promise<void> {
    state = what;
    const here = await barriers(chat.page);
    if (here.length > 0) found[state] = here;
  }

  it.each(VIEWS)('%s has no barrier in any state', async (view, options) => {
    found = {};
    const name = `ann-${VIEWS.findIndex(([one]) => one === view)}`;
    const chat = await people.come(service.url, { reducedMotion: 'reduce', ...options });
    const { page } = chat;
    await throughTheLogIn(chat, name);
    await throughTheChat(chat, name);
    await page.context().setOffline(true);
    await page.locator('.banner[data-shown=true]').waitFor();
    await look(chat, 'offline');
    expect(found).toEqual({});
  });

  async function throughTheLogIn(chat: ChatPage, name: string): Promise<void> {
    const { page } = chat;
    for (const way of [0, 1, 2]) {
      await page.locator('.ways label').nth(way).click();
      await look(chat, `log-in ${way}`);
      await page.fill('input[name=username]', way === 2 ? 'a b' : '');
      await page.click('button[type=submit]');
      await page.locator('#fault').waitFor();
      await look(chat, `log-in ${way}, refused`);
    }
    await page.route('**/auth/ticket', (route) => route.abort());
    await page.fill('input[name=username]', name);
    await page.click('button[type=submit]');
    await page.locator('.skeleton').first().waitFor({ state: 'attached' });
    await look(chat, 'not connected yet');
    await page.unroute('**/auth/ticket');
    await page.reload();
    await chat.isConnection('online');
  }

  async function throughTheChat(chat: ChatPage, name: string): Promise<void> {
    const { page } = chat;
    await look(chat, 'the lobby as it is found');
    const other = await people.guest(service.url, `bob-${name}`);
    await chat.say('Hello, see https://example.org/a');
    await other.say('Hello');
    await chat.sees('Hello');
    await look(chat, 'the lobby');
    const menu = page.locator('button.menu');
    if (await menu.isVisible()) {
      await menu.click();
      await page.locator('.sidebar:not([inert])').waitFor();
      await look(chat, 'the menu of a phone');
    }
    await chat.person(`bob-${name}`).click();
    await chat.isTitled(`bob-${name} – Parley`);
    await chat.say('between us');
    await chat.sees('between us');
    await other.conversation(name).click();
    await other.say('yes');
    await chat.sees('yes');
    await look(chat, 'a private conversation');
    const download = page.locator('.conversation-head > button').last();
    const leave = page.locator('.me > button').last();
    for (const [overlay, opener] of [
      ['shortcuts', null],
      ['download', download],
      ['log-out', leave],
    ] as const) {
      // On a phone that one is in the menu.
      if (opener !== null && !(await opener.isVisible())) continue;
      await (opener === null ? page.keyboard.press('Control+/') : opener.click());
      await page.locator('dialog[open]').waitFor();
      await look(chat, `the dialog: ${overlay}`);
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    }
    await page.goto(`${service.url}/#/@nobody`);
    await chat.say('anybody?');
    await page.locator('.message[data-state=failed]').waitFor();
    await look(chat, 'a message that was refused');
  }
});

describeWith('chromium', 'what is told by colour alone', () => {
  const people = new People();

  it('has an edge where the colours are the system’s: bubbles, marks, what is chosen', async () => {
    const service = await startService();
    const ann = await people.guest(service.url, 'ann', { forcedColors: 'active' });
    await ann.say('Hello');
    await ann.sees('Hello');
    for (const [selector, property] of [
      ['.bubble', 'border-top-width'],
      ['.day span', 'border-top-width'],
      ['.entry[aria-current]', 'outline-width'],
      ['.avatar', 'border-top-width'],
    ] as const) {
      const width = await ann.page
        .locator(selector)
        .first()
        .evaluate((element, name) => {
          const style = Reflect.get(globalThis, 'getComputedStyle') as (of: unknown) => {
            getPropertyValue: (name: string) => string;
          };
          return style(element).getPropertyValue(name);
        }, property);
      expect([selector, Number.parseFloat(width)]).toEqual([selector, expect.any(Number)]);
      expect(Number.parseFloat(width)).toBeGreaterThanOrEqual(1);
    }
    await people.leave();
  });

  it('has edges of 3 : 1 around what one writes in, and nothing moves for whom it should not', async () => {
    const service = await startService();
    for (const colorScheme of ['light', 'dark'] as const) {
      const ann = await people.come(service.url, { colorScheme, reducedMotion: 'reduce' });
      expect(await contrastOfEdge(ann.page, 'input[name=password]')).toBeGreaterThanOrEqual(3);
      await ann.enterAsGuest(`ann-${colorScheme}`);
      // The focus has a ring of its own.
      await ann.page.locator('.log').focus();
      expect(await contrastOfEdge(ann.page, '.composer-box')).toBeGreaterThanOrEqual(3);
      expect(await ann.page.evaluate('document.getAnimations().length')).toBe(0);
    }
    await people.leave();
  });
});

/** Of the border against what is inside it, by WCAG's formula; both colours are opaque. */
async function contrastOfEdge(page: Page, selector: string): Promise<number> {
  await page.locator(selector).waitFor();
  return Number(
    await page.evaluate(`{
      const style = getComputedStyle(document.querySelector('${selector}'));
      const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const both = [light(style.borderTopColor), light(style.backgroundColor)].sort((a, b) => b - a);
      (both[0] + 0.05) / (both[1] + 0.05);
    }`),
  );
}
