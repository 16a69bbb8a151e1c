import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

const WRITTEN = '#composer';

describeWith('chromium', 'what somebody has begun to write', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  async function begin(chat: ChatPage, text: string): Promise<void> {
    await chat.page.fill(WRITTEN, text);
  }

  async function isBegun(chat: ChatPage, text: string): Promise<void> {
    await chat.page.waitForFunction(
      ([selector, wanted]) => {
        const page = Reflect.get(globalThis, 'document') as {
          querySelector: (selector: string | undefined) => { value: string } | null;
        };
        return page.querySelector(selector)?.value === wanted;
      },
      [WRITTEN, text],
    );
  }

  it('is there after a reload, in each conversation its own', async () => {
    const ann = await people.guest(service.url, 'ann');
    await people.guest(service.url, 'bob');
    await ann.slowDown(6);
    await begin(ann, 'for everybody');
    await ann.person('bob').click();
    await ann.isTitled('bob – Parley');
    await begin(ann, 'for Bob\nin two lines');
    await ann.page.reload();
    await ann.isConnection('online');
    await isBegun(ann, 'for Bob\nin two lines');
    await ann.conversation('Lobby').click();
    await isBegun(ann, 'for everybody');
    await ann.page.press(WRITTEN, 'Enter');
    await ann.sees('for everybody');
    await ann.page.reload();
    await ann.isConnection('online');
    await isBegun(ann, '');
  });

  it('is there after a session that has ended, where the same person logs in', async () => {
    const ann = await people.come(service.url);
    await ann.register('amy');
    await begin(ann, 'half a thought');
    await service.restart({ JWT_SECRET: 'another secret, of thirty-two bytes or more' });
    await ann.page.evaluate(`{
      const tokens = JSON.parse(sessionStorage.getItem('parley.tokens'));
      tokens.refreshToken = tokens.refreshToken.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
      sessionStorage.setItem('parley.tokens', JSON.stringify(tokens));
    }`);
    await ann.page.reload();
    await ann.page.getByText('Your session has expired.').waitFor();
    await ann.logIn('amy');
    await ann.isConnection('online');
    await isBegun(ann, 'half a thought');
  });

  it('is gone after a log-out, and nobody else finds it', async () => {
    const ann = await people.come(service.url);
    await ann.register('ava');
    await begin(ann, 'a secret');
    await ann.page.getByRole('button', { name: 'Log out' }).click();
    await ann.page.locator('.login').waitFor();
    const kept = await ann.page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })');
    expect(kept).not.toContain('a secret');
    await ann.logIn('ava');
    await ann.isConnection('online');
    await isBegun(ann, '');

    // Another person in the same tab, after a session that was not ended on purpose.
    await begin(ann, 'another secret');
    await ann.page.waitForFunction(() =>
      JSON.stringify(Reflect.get(globalThis, 'sessionStorage')).includes('another secret'),
    );
    await ann.page.evaluate('sessionStorage.removeItem("parley.tokens")');
    await ann.page.reload();
    await ann.enterAsGuest('eve');
    await isBegun(ann, '');
    expect(await ann.page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('secret');
  });

  describe('on a phone', () => {
    it('a second line is written with Enter, and the button sends', async () => {
      const phone = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true };
      const ann = await people.guest(service.url, 'phil', phone);
      const [field] = await ann.page.locator(WRITTEN).all();
      expect(await field?.getAttribute('enterkeyhint')).toBe('enter');
      await ann.page.locator(WRITTEN).tap();
      await ann.page.keyboard.type('one');
      await ann.page.keyboard.press('Enter');
      await ann.page.keyboard.type('two');
      await ann.page.getByRole('button', { name: 'Send' }).tap();
      await ann.sees('one\ntwo');
      // The keyboard stays open for the next message.
      await ann.isFocused(WRITTEN);
      await ann.page.keyboard.type('three');
      await ann.page.keyboard.press('Control+Enter');
      await ann.sees('three');
    });

    it.each([
      [844, 340],
      [667, 320],
    ])(
      'on its side (%d × %d), people can be reached and Log out is whole',
      async (width, height) => {
        const side = { viewport: { width, height }, isMobile: true, hasTouch: true };
        const ann = await people.guest(service.url, `side-${width}`, side);
        for (let i = 0; i < 4; i++) await people.guest(service.url, `g${width}-${i}`);
        const menu = ann.page.locator('button.menu');
        if (await menu.isVisible()) await menu.tap();
        const leave = await ann.page.getByRole('button', { name: 'Log out' }).boundingBox();
        expect(leave).not.toBeNull();
        expect((leave?.y ?? 0) + (leave?.height ?? 0)).toBeLessThanOrEqual(height);
        const last = ann.person(`g${width}-3`);
        await last.scrollIntoViewIfNeeded();
        const list = await ann.page.locator('.people .entries').boundingBox();
        expect(list?.height).toBeGreaterThan(150);
        await last.tap();
        await ann.isTitled(`g${width}-3 – Parley`);
      },
    );
  });
});
