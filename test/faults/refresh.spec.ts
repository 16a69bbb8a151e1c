import { expect, it } from '@jest/globals';
import { guest, refresh } from '../support/people.js';
import { startService } from '../support/service.js';

/** Moments after the request in which the service dies: before, while and after it stores. */
const DELAYS_MS = [0, 2, 5];

it('a service that is killed while it refreshes logs nobody out [S52]', async () => {
  const service = await startService();
  let { refresh_token: token } = await guest(service, 'ann');
  for (const delay of DELAYS_MS) {
    const lost = refresh(service, token).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, delay));
    await service.kill();
    await lost;
    await service.start();
    // Whether it was stored or not: the same token brings one that works.
    token = (await refresh(service, token)).refresh_token;
    token = (await refresh(service, token)).refresh_token;
  }
  expect(token).toMatch(/^[\w-]{43}$/);
});
