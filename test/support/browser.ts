import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from './chromium.js';
import { atEnd } from './leftovers.js';

/** Names a browser that tests may use (a WebSocket of Playwright's); without it each file has its own. */
export const GIVEN_BROWSER = 'TEST_BROWSER_URL';

/** Leads to this machine, and is no secure context as `localhost` is: the page has no locks there. */
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
 * The browser that was given, or one of the caller's own. Whoever closes it closes the contexts that
 * they opened in it, and no others.
 */
export async function openBrowser(): Promise<Browser> {
  const given = process.env[GIVEN_BROWSER];
  return await (given === undefined ? chromium.launch(HOW) : chromium.connect(given));
}

/** Starts a browser for several processes. @returns what {@link GIVEN_BROWSER} takes */
export async function startBrowser(): Promise<string> {
  const server = await chromium.launchServer({ ...HOW, host: '127.0.0.1' });
  atEnd(() => server.close());
  return server.wsEndpoint();
}
