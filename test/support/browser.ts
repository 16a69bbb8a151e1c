import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from './chromium.js';
import { atEnd } from './leftovers.js';

/** Names a shared browser (a WebSocket of Playwright's); without it each file starts its own. */
export const GIVEN_BROWSER = 'TEST_BROWSER_URL';

/**
 * Resolves to this machine without being a secure context as `localhost` is: the page has no locks
 * there.
 */
export const PLAIN_HOST = 'chat.test';

const HOW = {
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`,
  ],
};

/**
 * The shared browser, or one of the caller's own. Closing it closes only the contexts that the
 * caller opened.
 */
export async function openBrowser(): Promise<Browser> {
  const given = process.env[GIVEN_BROWSER];
  return await (given === undefined ? chromium.launch(HOW) : chromium.connect(given));
}

/** Starts a browser for several processes. @returns the value of {@link GIVEN_BROWSER} */
export async function startBrowser(): Promise<string> {
  const server = await chromium.launchServer({ ...HOW, host: '127.0.0.1' });
  atEnd(() => server.close());
  return server.wsEndpoint();
}
