import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { ChatPage, People } from './chat-page.js';
import { seed } from './seeding.js';

const HOUR = 3_600_000;

interface MessagePage {
  readonly items: readonly { readonly time: number }[];
  readonly head: number;
}

/** Somebody whose clock shows another time, and who reads messages that are as old as is said. */
async function comeAt(
  people: People,
  service: Service,
  options: { readonly zone: string; readonly now: string; readonly ages: readonly number[] },
): Promise<ChatPage> {
  const { page } = await people.come('about:blank', { timezoneId: options.zone });
  const now = Date.parse(options.now);
  await page.clock.install({ time: now });
  await page.route('**/rooms/lobby/messages*', async (route) => {
    const response = await route.fetch();
    const { items, head } = (await response.json()) as MessagePage;
    const aged = items.map((item, index) => ({ ...item, time: now - (options.ages[index] ?? 0) }));
    await route.fulfill({ response, json: { items: aged, head } });
  });
  const chat = await ChatPage.open(page, service.url);
  await chat.enterAsGuest(`in-${options.zone.replace('/', '-')}-${String(now)}`);
  await chat.page.locator('.message').first().waitFor();
  return chat;
}

async function days(chat: ChatPage): Promise<readonly string[]> {
  return await chat.page.locator('.day:has(+ .message)').allTextContents();
}

describeWith('chromium', 'the days in the log', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
    await seed(service, 'past', 3);
  });
  afterEach(async () => {
    await people.leave();
  });

  it('are called by the calendar where a day has 23 hours, or 25', async () => {
    const spring = await comeAt(people, service, {
      zone: 'Europe/Berlin',
      now: '2027-03-28T22:30:00Z',
      ages: [25 * HOUR, 2 * HOUR, 0],
    });
    expect(await days(spring)).toEqual(['Saturday 27 March', 'Yesterday', 'Today']);
    const autumn = await comeAt(people, service, {
      zone: 'Europe/Berlin',
      now: '2027-10-31T22:30:00Z',
      ages: [26 * HOUR, 23 * HOUR, 0],
    });
    expect(await days(autumn)).toEqual(['Yesterday', 'Today']);
  });

  it('change their names at midnight, and on a return where no timer ran', async () => {
    const alice = await comeAt(people, service, {
      zone: 'Asia/Shanghai',
      now: '2027-03-31T15:50:00Z',
      ages: [24 * HOUR, HOUR, 0],
    });
    expect(await days(alice)).toEqual(['Yesterday', 'Today']);
    await alice.page.clock.runFor('08:00');
    expect(await days(alice)).toEqual(['Yesterday', 'Today']);
    await alice.page.clock.runFor('03:00');
    await alice.page.getByText('Tuesday 30 March').waitFor();
    expect(await days(alice)).toEqual(['Tuesday 30 March', 'Yesterday']);
    // The machine slept over another midnight.
    await alice.page.clock.setSystemTime(Date.parse('2027-04-01T22:00:00Z'));
    await alice.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await alice.page.getByText('Wednesday 31 March').waitFor();
  });
});
