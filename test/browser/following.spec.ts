import { afterEach, beforeAll, expect, it } from '@jest/globals';
import type { CDPSession } from 'playwright-core';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';
import { seed } from './seeding.js';

const PHONE = { width: 390, height: 760 };
const LONG = 'a message of a good many words, which a small screen has to break into several lines';
/** The processor as it is, and a slow one. */
const MACHINES = [
  ['an idle machine', 1],
  ['a loaded machine', 6],
] as const;
const TIMES = 4;

interface ScrollBox {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

/** Pixels by which the end of the log is out of sight, once what has changed is painted. */
async function belowView(chat: ChatPage): Promise<number> {
  await chat.page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
  return await chat.page
    .locator('.log')
    .evaluate((box: ScrollBox) => box.scrollHeight - box.scrollTop - box.clientHeight);
}

function topOf(chat: ChatPage): Promise<number> {
  return chat.page.locator('.log').evaluate((box: ScrollBox) => box.scrollTop);
}

async function slowedDown(chat: ChatPage, rate: number): Promise<CDPSession> {
  const session = await chat.page.context().newCDPSession(chat.page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  return session;
}

async function wheel(chat: ChatPage, pixels: number): Promise<void> {
  const box = await chat.page.locator('.log').boundingBox();
  await chat.page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
  await chat.page.mouse.wheel(0, pixels);
}

/** Waits until the page offers the way back to the end. */
async function isReadingBack(chat: ChatPage): Promise<void> {
  await chat.page.locator('.jump').waitFor();
}

/** Three lines, by keys. */
async function typeLines(chat: ChatPage, name: string): Promise<void> {
  await chat.page.focus('#composer');
  await chat.page.keyboard.insertText(`${name} one`);
  await chat.page.keyboard.press('Shift+Enter');
  await chat.page.keyboard.insertText('two');
  await chat.page.keyboard.press('Shift+Enter');
  await chat.page.keyboard.insertText('three');
}

describeWith('chromium', 'the view of the log', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
    await seed(service, 'past', 80);
  });
  afterEach(async () => {
    await people.leave();
  });

  it.each(MACHINES)('shows one’s own message of three typed lines on %s', async (_, rate) => {
    const alice = await people.guest(service.url, `alice-${rate}`);
    await alice.sees('past 80');
    await slowedDown(alice, rate);
    for (let i = 0; i < TIMES; i++) {
      await typeLines(alice, `lines ${rate} ${i}`);
      expect(await belowView(alice)).toBeLessThan(2);
      await alice.page.keyboard.press('Enter');
      await alice.sees(`lines ${rate} ${i} one two three`);
      expect(await belowView(alice)).toBeLessThan(2);
    }
  });

  it.each(MACHINES)('shows one’s own line sent while reading back on %s', async (_, rate) => {
    const bob = await people.guest(service.url, `bob-${rate}`);
    await bob.sees('past 80');
    await slowedDown(bob, rate);
    for (let i = 0; i < TIMES; i++) {
      await wheel(bob, -700);
      await isReadingBack(bob);
      await bob.say(`from above ${rate} ${i}`);
      await bob.sees(`from above ${rate} ${i}`);
      expect(await belowView(bob)).toBeLessThan(2);
    }
  });

  it.each(MACHINES)('shows one’s own wrapped line on a phone on %s', async (_, rate) => {
    const carol = await people.guest(service.url, `carol-${rate}`);
    await carol.page.setViewportSize(PHONE);
    await slowedDown(carol, rate);
    for (let i = 0; i < TIMES; i++) {
      await carol.say(`${LONG} ${rate} ${i}`);
      await carol.sees(`${LONG} ${rate} ${i}`);
      expect(await belowView(carol)).toBeLessThan(2);
    }
  });

  it('follows what others say while the composer grows and shrinks', async () => {
    const dave = await people.guest(service.url, 'dave');
    const erin = await people.guest(service.url, 'erin');
    for (let i = 0; i < 3; i++) {
      await typeLines(dave, 'a draft');
      await erin.say(`meanwhile ${i}`);
      await dave.sees(`meanwhile ${i}`);
      expect(await belowView(dave)).toBeLessThan(2);
      await dave.page.fill('#composer', '');
      expect(await belowView(dave)).toBeLessThan(2);
    }
    await dave.page.setViewportSize({ width: 900, height: 500 });
    expect(await belowView(dave)).toBeLessThan(2);
  });

  it('is left to whoever scrolls up while very much is said, and follows again from the end', async () => {
    const frank = await people.guest(service.url, 'frank');
    await slowedDown(frank, 4);
    const over = new AbortController();
    const flood = (async () => {
      let wave = 0;
      while (!over.signal.aborted) await seed(service, `flood-${++wave}`, 100);
      return `flood-${wave} 100`;
    })();
    await frank.page.locator('.message', { hasText: 'flood-' }).first().waitFor();
    await wheel(frank, -300);
    await isReadingBack(frank);
    const before = await topOf(frank);
    await frank.page.getByRole('button', { name: 'new messages' }).waitFor();
    over.abort();
    const last = await flood;
    // A wheel takes a moment to come to rest, upwards.
    expect(await topOf(frank)).toBeLessThanOrEqual(before);
    await frank.page.locator('.jump').click();
    await frank.page.locator('.jump').waitFor({ state: 'detached' });
    // Else it is the log of before that is scrolled, and the newest is put in its place.
    await frank.sees(last);
    await wheel(frank, -300);
    await isReadingBack(frank);
    await wheel(frank, 2_000);
    await frank.page.locator('.jump').waitFor({ state: 'detached' });
    await frank.say('and on it goes');
    await frank.sees('and on it goes');
    expect(await belowView(frank)).toBeLessThan(2);
  });

  it.each(['PageUp', 'Home', 'ArrowUp'])('is left to whoever presses %s in it', async (key) => {
    const hugo = await people.guest(service.url, `hugo-${key}`);
    await hugo.page.locator('.message').first().waitFor();
    await hugo.page.locator('.log').focus();
    await hugo.page.keyboard.press(key);
    await isReadingBack(hugo);
  });
});
