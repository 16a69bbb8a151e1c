import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { type RunningApp, startApp } from '../../support/app.js';
import { read } from '../../support/documents.js';
import { enter } from '../../support/people.js';
import { openBrowser } from '../../support/browser.js';
import { describeWith } from '../../support/requirements.js';

describeWith('chromium', 'examples/socket-io.html', () => {
  let browser: Browser;
  let pages: Server;
  let origin: string;
  let service: RunningApp;

  beforeAll(async () => {
    pages = createServer((_request, response) => {
      const html = read('examples/socket-io.html');
      response.setHeader('content-type', 'text/html');
      response.end(html.replaceAll('http://localhost:3000', service.url));
    }).listen(0, '127.0.0.1');
    await once(pages, 'listening');
    origin = `http://127.0.0.1:${String((pages.address() as AddressInfo).port)}`;
    service = await startApp({ ALLOWED_ORIGINS: origin });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    pages.close();
  });

  it('talks with the others from an origin of its own', async () => {
    const { socket: ann } = await enter(service, 'ann');
    const page = await browser.newPage();
    await page.goto(origin);
    const line = (text: string): Promise<void> => page.locator('li', { hasText: text }).waitFor();

    await line('*: Welcome to the chat');
    ann.send({ type: 2, data: 'hello' });
    await line('ann: hello');
    await page.fill('#text', 'hello, ann');
    await page.press('#text', 'Enter');
    await ann.next({ type: 2, data: 'hello, ann' });
    await line('me: hello, ann');

    expect(await page.locator('li').count()).toBe(3);
  });
});
