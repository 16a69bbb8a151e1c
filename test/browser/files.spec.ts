import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWith } from '../support/requirements.js';
import { type Service, startService, temporaryFolder } from '../support/service.js';
import { type ChatPage, People } from './chat-page.js';

const PICTURE = fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url));

describeWith('chromium', 'files in the page', () => {
  const people = new People();
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });
  afterEach(async () => {
    await people.leave();
  });

  async function choose(
    { page }: ChatPage,
    file: string | { name: string; mimeType: string; buffer: Buffer },
  ): Promise<void> {
    await page.setInputFiles('input[type=file]', file);
    await page.locator('.upload').getByText('ready to be sent').last().waitFor();
  }

  it('are chosen, sent with a message or alone, seen small by others, and saved whole', async () => {
    const alice = await people.guest(service.url, 'alice');
    const bob = await people.guest(service.url, 'bob');
    await choose(alice, PICTURE);
    await alice.page.getByRole('button', { name: 'Send' }).click();
    await bob.page.locator('img.thumbnail').waitFor();
    const download = bob.page.waitForEvent('download');
    await bob.page.getByRole('button', { name: 'Save screenshot.png' }).click();
    expect((await download).suggestedFilename()).toBe('screenshot.png');

    const buffer = Buffer.from('<script>window.harmed=true</script>');
    await choose(alice, { name: 'a<b>.html', mimeType: 'text/html', buffer });
    await alice.say('the page');
    await bob.message('the page').locator('.file').getByText('a<b>.html').waitFor();
    const saving = bob.page.waitForEvent('download');
    await bob.message('the page').locator('.file').click();
    const saved = join(temporaryFolder(), 'saved');
    await (await saving).saveAs(saved);
    expect(readFileSync(saved)).toEqual(buffer);
    expect(await bob.page.evaluate('window.harmed')).toBeUndefined();
    expect([alice.faults, bob.faults]).toEqual([[], []]);
  });

  it('can be taken away before they are sent, and go with their message', async () => {
    const carol = await people.guest(service.url, 'carol');
    const dan = await people.guest(service.url, 'dan');
    const buffer = Buffer.from('notes');
    await choose(carol, { name: 'one.txt', mimeType: 'text/plain', buffer });
    await choose(carol, { name: 'two.txt', mimeType: 'text/plain', buffer });
    await carol.page.getByRole('button', { name: 'Remove one.txt' }).click();
    await carol.say('only the second');
    await dan.message('only the second').locator('.file').getByText('two.txt').waitFor();
    expect(await dan.message('only the second').locator('.file').count()).toBe(1);
    await carol.choose('only the second', 'Delete');
    await carol.page.locator('.message-menu').getByRole('button', { name: 'Delete' }).click();
    await dan.page.locator('.file', { hasText: 'two.txt' }).waitFor({ state: 'detached' });
  });

  it('are found by their names, also where nothing was said', async () => {
    const eve = await people.guest(service.url, 'eve');
    const { page } = eve;
    const buffer = Buffer.from('notes');
    await page.setInputFiles('input[type=file]', {
      ...{ name: '年度计划.txt', mimeType: 'text/plain', buffer },
    });
    await page.locator('.upload').getByText('ready to be sent').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.file').getByText('年度计划.txt').waitFor();
    await page.getByRole('button', { name: 'Search messages' }).click();
    await eve.finds('计划', page.locator('.card-file'));
    expect(await page.locator('.card-file').innerText()).toBe('年度计划.txt');
  });
});
