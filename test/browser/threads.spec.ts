import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Service, startService } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';
import { seed } from './seeding.js';

describeWith('chromium', 'answers and mentions in the page', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  const inThread = ({ page }: ChatPage, text: string) =>
    page.locator('.thread .message').filter({ hasText: text });

  async function answerInThread({ page }: ChatPage, text: string): Promise<void> {
    await page.fill('#thread-composer', text);
    await page.press('#thread-composer', 'Control+Enter');
  }

  it('quote what they answer, as it is now, and lead there, however far it is', async () => {
    const alice = await people.guest(service.url, 'alice');
    const bob = await people.guest(service.url, 'bob');
    await alice.say('Where is the key?');
    await bob.sees('Where is the key?');
    await bob.choose('Where is the key?', 'Reply');
    await bob.page.getByText('Replying to alice').waitFor();
    await bob.say('Under the mat');
    const quote = ({ page }: ChatPage) => page.locator('.quote');
    await quote(alice).getByText('Where is the key?').waitFor();
    await alice.choose('Where is the key?', 'Edit');
    await alice.say('Where is the car key?');
    await quote(bob).getByText('Where is the car key?').waitFor();

    await seed(service, 'between', 120);
    await alice.choose('Where is the car key?', 'Reply');
    await alice.say('Thanks, found it');
    await bob.page.reload();
    await bob.sees('Thanks, found it');
    // What it answers is not among what is loaded.
    expect(await bob.message('Where is the car key?').count()).toBe(0);
    await quote(bob).last().getByText('Where is the car key?').click();
    await bob.sees('Where is the car key?');
    await bob.isFocused('.message[data-seq="1"] .more');
    expect([alice.faults, bob.faults]).toEqual([[], []]);
  });

  it('stand in a thread, which others see grow, and in the conversation where that is wished', async () => {
    const carol = await people.guest(service.url, 'carol');
    const dan = await people.guest(service.url, 'dan');
    await carol.say('Ideas for the party?');
    await dan.sees('Ideas for the party?');
    await dan.choose('Ideas for the party?', 'Answer in a thread');
    await dan.page.getByText('No answers yet.').waitFor();
    await answerInThread(dan, 'Lanterns');
    await inThread(dan, 'Lanterns').waitFor();
    await carol.page.getByRole('button', { name: '1 answer' }).click();
    await inThread(carol, 'Lanterns').waitFor();
    await answerInThread(carol, 'And music');
    await inThread(dan, 'And music').waitFor();
    expect(await dan.page.locator('.log').getByText('And music').count()).toBe(0);

    await dan.page.getByLabel('also in the conversation').check();
    await answerInThread(dan, 'A choir');
    await inThread(carol, 'A choir').waitFor();
    await carol.page.goBack();
    await carol.page.locator('dialog').waitFor({ state: 'detached' });
    await carol.sees('A choir');
    await carol.page.reload();
    await carol.page.getByRole('button', { name: '3 answers' }).click();
    await inThread(carol, 'Lanterns').waitFor();
    expect([carol.faults, dan.faults]).toEqual([[], []]);
  });

  it('offer names behind an @, and mark whom they mention', async () => {
    const erin = await people.guest(service.url, 'erin');
    const ming = await people.guest(service.url, '小明');
    await erin.page.locator('.people bdi').getByText('小明').waitFor();
    await erin.page.fill('#composer', '早上好@小');
    await erin.page.locator('.offered').getByRole('button', { name: '小明' }).click();
    await erin.page.keyboard.insertText('来吃饭');
    await erin.page.keyboard.press('Control+Enter');
    const mentioning = ming.page.locator('.message[data-mentioned=true]');
    await mentioning.locator('mark', { hasText: '@小明' }).waitFor();
    expect(await erin.page.locator('.message[data-mentioned=true]').count()).toBe(0);
    await ming.page.getByRole('button', { name: 'Search messages' }).click();
    await ming.page.locator('.mentions .card').getByText('来吃饭').waitFor();
  });

  it('mention everybody where one may, and nobody where one may not', async () => {
    const fred = await people.guest(service.url, 'fred');
    const gina = await people.guest(service.url, 'gina');
    await fred.page.fill('#composer', 'hello @all');
    await fred.page.keyboard.press('Control+Enter');
    await gina.sees('hello @all');
    expect(await gina.page.locator('.message[data-mentioned=true]').count()).toBe(0);
    await fred.makeRoom('harbour');
    await gina.joinRoom('harbour');
    await gina.page.fill('#composer', 'hello @');
    await gina.page.locator('.offered').getByRole('button', { name: 'fred' }).waitFor();
    expect(await gina.page.locator('.offered button').count()).toBe(1);
    await fred.page.fill('#composer', 'hello @');
    await fred.page.locator('.offered').getByRole('button', { name: 'everybody' }).click();
    await fred.page.keyboard.insertText('the ferry is late');
    await fred.page.keyboard.press('Control+Enter');
    const mentioning = gina.page.locator('.message[data-mentioned=true]');
    await mentioning.locator('mark', { hasText: '@all' }).waitFor();
    expect([fred.faults, gina.faults]).toEqual([[], []]);
  });
});
