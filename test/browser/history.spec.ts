import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';
import { seed } from './seeding.js';

const STORED = 300;

interface ScrollBox {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

function scrollTo(chat: ChatPage, top: number): Promise<void> {
  return chat.page.locator('.log').evaluate((box: ScrollBox, wanted) => {
    box.scrollTop = wanted;
  }, top);
}

function fromEnd(chat: ChatPage): Promise<number> {
  return chat.page
    .locator('.log')
    .evaluate((box: ScrollBox) => box.scrollHeight - box.scrollTop - box.clientHeight);
}

/** The number of the first message that is there. */
async function oldestOf(chat: ChatPage): Promise<number> {
  return Number((await chat.texts())[0]?.split(' ')[1]);
}

async function topOf(chat: ChatPage, text: string): Promise<number> {
  return (await chat.message(text).boundingBox())?.y ?? Number.NaN;
}

describeWith('chromium', 'history in the page', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
    await seed(service, 'past', STORED);
  });
  afterEach(async () => {
    await people.leave();
  });

  it('begins with the newest messages and brings older ones on scrolling up', async () => {
    const alice = await people.guest(service.url, 'alice');
    await alice.sees(`past ${STORED}`);
    expect(await fromEnd(alice)).toBeLessThan(2);
    expect(await alice.message('past 1').count()).toBe(0);
    for (let oldest = await oldestOf(alice); oldest > 1; oldest = await oldestOf(alice)) {
      await scrollTo(alice, 0);
      await alice.sees(`past ${oldest - 1}`);
    }
    const texts = (await alice.texts()).filter((text) => text.startsWith('past '));
    expect(texts).toEqual(Array.from({ length: STORED }, (_, index) => `past ${index + 1}`));
    await alice.page.getByText('This is where it begins.').waitFor();
  });

  it('leaves what is being read where it is while older messages come in above', async () => {
    const bob = await people.guest(service.url, 'bob');
    await bob.sees(`past ${STORED}`);
    const oldest = await oldestOf(bob);
    await scrollTo(bob, 0);
    const before = await topOf(bob, `past ${oldest}`);
    await bob.sees(`past ${oldest - 1}`);
    expect(Math.abs((await topOf(bob, `past ${oldest}`)) - before)).toBeLessThan(3);
  });

  it('leaves the reader above alone, says how much is new, and jumps there', async () => {
    const carol = await people.guest(service.url, 'carol');
    await carol.sees(`past ${STORED}`);
    await scrollTo(carol, 1_000);
    const dave = await people.guest(service.url, 'dave');
    await dave.say('something new');
    const jump = carol.page.getByRole('button', { name: '1 new message' });
    await jump.waitFor();
    await carol.isTitled('(1) Lobby – Parley');
    await jump.click();
    await jump.waitFor({ state: 'detached' });
    expect(await fromEnd(carol)).toBeLessThan(2);
    await carol.isTitled('Lobby – Parley');
  });

  it.each([
    ['Text', 'txt', (file: string) => file.trim().split('\n').length],
    ['CSV', 'csv', (file: string) => file.trim().split('\r\n').length - 1],
    ['JSON', 'json', (file: string) => (JSON.parse(file) as unknown[]).length],
    ['NDJSON', 'ndjson', (file: string) => file.trim().split('\n').length],
  ])('comes as a file: %s', async (name, ending, count) => {
    const erin = await people.guest(service.url, `erin-${ending}`);
    await erin.page.getByRole('button', { name: 'Download history' }).click();
    const dialog = erin.page.getByRole('dialog');
    await dialog.getByText(name, { exact: true }).click();
    const [download] = await Promise.all([
      erin.page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`lobby.*\\.${ending}$`));
    const file = await text(await download.createReadStream());
    expect(count(file)).toBeGreaterThanOrEqual(STORED);
    expect(file).toContain('past 1');
    await dialog.getByText('Done').waitFor();
  });

  it('does not slow the page down when ten thousand messages come at once', async () => {
    const frank = await people.guest(service.url, 'frank');
    await seed(service, 'flood', 10_000);
    await frank.sees('flood 10000');
    expect(await frank.page.locator('.log li').count()).toBeLessThan(500);
    expect(await fromEnd(frank)).toBeLessThan(2);
    await frank.say('still quick');
    await frank.sees('still quick');
  });
});
