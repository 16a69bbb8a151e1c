import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describeWith } from '../support/requirements.js';
import { type Service, startService, temporaryFolder } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

/** Drops a file where the middle of an element is, as a person does. */
async function dropFile(page: Page, selector: string): Promise<void> {
  const file = join(temporaryFolder('drop'), 'picture.png');
  writeFileSync(file, 'not really a picture');
  const box = await page.locator(selector).boundingBox();
  const at = {
    x: (box?.x ?? 0) + (box?.width ?? 0) / 2,
    y: (box?.y ?? 0) + (box?.height ?? 0) / 2,
  };
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  const mouse = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await mouse.send('Input.dispatchDragEvent', { type, ...at, data });
  }
}

/** The clipboard of the machine is shared with other tests; what a page gets of it is this event. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    document.querySelector('#composer').dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }`);
}

/** How far from the left edge of its bubble each line of the last message begins, in pixels. */
async function indents(chat: ChatPage): Promise<readonly number[]> {
  return await chat.page.evaluate<readonly number[]>(`{
    const bubble = [...document.querySelectorAll('.message .bubble')].at(-1);
    const text = bubble.querySelector('.text').firstChild;
    const range = document.createRange();
    [...text.data.matchAll(/[^\\n]+/g)].map((line) => {
      range.setStart(text, line.index);
      range.setEnd(text, line.index + line[0].length);
      return range.getBoundingClientRect().left - bubble.getBoundingClientRect().left;
    });
  }`);
}

describeWith('chromium', 'writing in the page', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  it.each(['#composer', '.log', '.people', '.login'])(
    'loses nothing to a file that is dropped on %s',
    async (place) => {
      const alice = await people.come(service.url);
      const isLogin = place === '.login';
      if (!isLogin) await alice.enterAsGuest(`alice${place.slice(1)}`);
      await alice.page.fill(isLogin ? 'input[name=username]' : '#composer', 'half a thought');
      await dropFile(alice.page, place);
      if (isLogin) {
        expect(await alice.page.inputValue('input[name=username]')).toBe('half a thought');
        await alice.enterAsGuest('alice');
        return;
      }
      await alice.page.locator('.upload').getByText('ready to be sent').waitFor();
      expect(alice.page.url()).toContain(service.url);
      expect(await alice.page.inputValue('#composer')).toBe('half a thought');
      await alice.page.press('#composer', 'Enter');
      await alice.sees('half a thought');
      const own = alice.message('half a thought').last();
      await own.locator('.file').getByText('picture.png').waitFor();
      await alice.page.locator('.upload').waitFor({ state: 'detached' });
    },
  );

  it('sends a pasted text without what cannot be sent, and shows that before', async () => {
    const bob = await people.guest(service.url, 'bob');
    await bob.page.fill('#composer', 'before after');
    await bob.page.focus('#composer');
    await bob.page.evaluate('document.activeElement.setSelectionRange(6, 7)');
    await paste(bob.page, '\u000bone\r\ntwo\u0007\u2028');
    expect(await bob.page.inputValue('#composer')).toBe('before\none\ntwo\nafter');
    await bob.page.keyboard.type('wards ');
    await bob.page.keyboard.press('Enter');
    await bob.sees('before one two wards after');
    // What comes in otherwise is cleaned on its way out.
    await bob.say('typed\u000band \u009bsent');
    await bob.sees('typed and sent');
    expect((await bob.texts()).slice(-2)).toEqual([
      'before\none\ntwo\nwards after',
      'typed\nand sent',
    ]);
  });

  it('sends nothing where nothing would be seen', async () => {
    const carol = await people.guest(service.url, 'carol');
    for (const text of ['\u000b', '\u200b', '\u2800', ' \n ']) {
      await carol.say(text);
      expect(await carol.page.locator('.send').getAttribute('aria-disabled')).toBe('true');
      expect(await carol.page.inputValue('#composer')).not.toBe('');
    }
    await carol.say('something');
    await carol.sees('something');
    expect(await carol.page.locator('.failure').count()).toBe(0);
  });

  it('says why something was not sent, and gives it back to be written otherwise', async () => {
    const dave = await people.guest(service.url, 'dave', { locale: 'zh-CN' });
    // Kept by an older page, which sent what it was given.
    const kept = { ref: 'old', conversation: 'lobby', text: 'a\u000bb', time: 0, state: 'pending' };
    const { id } = await dave.page.evaluate<{ id: string }>(
      'JSON.parse(sessionStorage.getItem("parley.tokens")).user',
    );
    await dave.page.evaluate(
      `sessionStorage.setItem('parley.outbox.${id}', ${JSON.stringify(JSON.stringify([kept]))})`,
    );
    await dave.page.reload();
    const failure = dave.page.locator('.message[data-state="failed"]');
    await failure.getByText('包含无法发送的内容').waitFor();
    expect(await failure.getByRole('button', { name: '重试' }).count()).toBe(0);
    await failure.getByRole('button', { name: '编辑' }).click();
    await failure.waitFor({ state: 'detached' });
    expect(await dave.page.evaluate('document.activeElement.id')).toBe('composer');
    await dave.page.keyboard.press('Enter');
    await dave.sees('a b');
  });

  it('makes links of addresses, with and without a scheme, and of mail', async () => {
    const erin = await people.guest(service.url, 'erin');
    await erin.say("「https://example.org/Schrödinger's_cat」，www.example.org，me@example.org。");
    const links = erin.page.locator('.message:not([data-state]) .text a');
    await links.nth(2).waitFor();
    expect(await links.allTextContents()).toEqual([
      "https://example.org/Schrödinger's_cat",
      'www.example.org',
      'me@example.org',
    ]);
    const of = (name: string) =>
      erin.page.evaluate<readonly string[]>(
        `[...document.querySelectorAll('.text a')].map((link) => link.getAttribute('${name}'))`,
      );
    expect(await of('href')).toEqual([
      "https://example.org/Schr%C3%B6dinger's_cat",
      'https://www.example.org/',
      'mailto:me@example.org',
    ]);
    expect(new Set(await of('rel'))).toEqual(new Set(['noopener noreferrer nofollow']));
  });

  it('runs each paragraph in its own direction', async () => {
    const frank = await people.guest(service.url, 'frank');
    await frank.say('A first paragraph of some length, from the left\nשלום\nand left');
    await frank.sees('A first paragraph of some length, from the left שלום and left');
    const [english = 0, hebrew = 0, last = 0] = await indents(frank);
    expect(last).toBeCloseTo(english, 0);
    expect(hebrew).toBeGreaterThan(english + 100);
    await frank.say('זו הפסקה הראשונה והיא די ארוכה\nfrom the left!');
    await frank.sees('זו הפסקה הראשונה והיא די ארוכה from the left!');
    const [first = 0, second = 0] = await indents(frank);
    expect(second).toBeLessThan(30);
    expect(first).toBeGreaterThanOrEqual(second);
  });
});
