import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeWith } from '../support/requirements.js';
import { type Front, KEPT, startNginx, STRIPPED } from '../support/reverse-proxies.js';
import { type Service, startService } from '../support/service.js';
import { People } from './chat-page.js';

describeWith(
  ['chromium', 'nginx', 'openssl'],
  'the page behind nginx, with TLS, on an odd port',
  () => {
    const people = new People();
    // The certificate is the test's own.
    const profile = { ignoreHTTPSErrors: true };
    let service: Service;
    let front: Front;

    beforeAll(async () => {
      service = await startService({ env: { TRUSTED_PROXIES: '127.0.0.1', BASE_PATH: KEPT } });
      front = await startNginx(service.port);
    });

    afterEach(async () => {
      await people.leave();
    });

    it.each([
      ['at the root', '/'],
      ['below a path that the proxy strips', `${STRIPPED}/`],
      ['below that path without its slash', STRIPPED],
      ['below a path that the service knows', `${KEPT}/`],
      ['below that one without its slash', KEPT],
      ['below a path, over Socket.IO', `${STRIPPED}/?transport=socket.io`],
    ])('talks, loads history and stays logged in over a reload: %s [S53]', async (where, path) => {
      const name = `ann${String(where.length)}`;
      const ann = await people.guest(front.origin + path, name, profile);
      await ann.say(`hello ${where}`);
      await ann.sees(`hello ${where}`);
      await ann.page.reload();
      await ann.isConnection('online');
      await ann.sees(`hello ${where}`);
      expect(ann.faults).toEqual([]);
      // An image that was not found has no width of its own.
      const widths = await ann.page
        .locator('img')
        .evaluateAll((images) => images.map((one) => Number(Reflect.get(one, 'naturalWidth'))));
      expect(widths).not.toContain(0);
    });

    it('keeps the sessions of two services below one host apart', async () => {
      const bob = await people.come(`${front.origin}${STRIPPED}/`, profile);
      await bob.register('bobby', { stay: true });
      await bob.page.goto(`${front.origin}${KEPT}/`);
      await bob.page.locator('input[name=username]').waitFor();
      await bob.page.goto(`${front.origin}${STRIPPED}/`);
      await bob.isConnection('online');
    });

    it('shows the documents below a path, and tries a call out there', async () => {
      const { page, faults } = await people.come(`${front.origin}${STRIPPED}/docs`, profile);
      await page.locator('#operations-operations-live').click();
      await page.getByRole('button', { name: 'Try it out' }).click();
      await page.getByRole('button', { name: 'Execute' }).click();
      await page.locator('.request-url').waitFor();
      expect(await page.locator('.request-url').first().innerText()).toContain(
        `\n${front.origin}${STRIPPED}/health/live`,
      );
      await page
        .locator('.live-responses-table .response-col_status', { hasText: '200' })
        .waitFor();
      expect(faults).toEqual([]);
    });
  },
);
