import { expect, it } from '@jest/globals';
import { SessionStore } from '../../../src/auth/sessions/session-store.js';
import { TicketService } from '../../../src/auth/tokens/ticket.service.js';
import { onEachEngine } from '../../support/engines.js';
import { type AuthApp, startAuthApp } from './auth-app.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const JWT_SECRET = 'vR8s0mYt4Lq2Zx6NcB1wKd9HgF3jPe7U';

async function guestToken(app: AuthApp): Promise<string> {
  return String((await app.post('/auth/guest')).body?.['access_token']);
}

async function logOut(app: AuthApp, token: string): Promise<void> {
  await app.post('/auth/logout', undefined, { token });
}

async function statusOf(app: AuthApp, token: string): Promise<number> {
  return (await app.get('/auth/me', { token })).status;
}

onEachEngine((newDatabase) => {
  it.each([
    ['minutes', 20 * MINUTE, 0],
    ['hours ahead and back', 20 * MINUTE, 2 * HOUR],
    ['a month ahead and back', HOUR, 31 * DAY],
    ['back only', HOUR, -DAY],
  ])(
    'a session that ended stays ended when the clock is set back, after %s',
    async (_after, pass, jump) => {
      const app = await startAuthApp({ ...(await newDatabase()), JWT_SECRET });
      const [ended, other] = [await guestToken(app), await guestToken(app)];
      await logOut(app, ended);
      app.clock.epoch += jump;
      app.clock.advance(pass);
      // Whoever ends a session has those forgotten that may be.
      await logOut(app, await guestToken(app));

      // For the clock it is the moment of the log-out again.
      app.clock.epoch += -jump - pass;

      expect(await statusOf(app, ended)).toBe(401);
      // It has lived as long as a token may, whatever the clock says.
      expect(await statusOf(app, other)).toBe(401);
      expect(await statusOf(app, await guestToken(app))).toBe(200);
    },
  );

  it('a session that was pruned stays ended for a node that starts when the clock was set back', async () => {
    const database = await newDatabase();
    const before = await startAuthApp({ ...database, JWT_SECRET });
    const [ended, ticketed, alive] = [
      await guestToken(before),
      await guestToken(before),
      await guestToken(before),
    ];
    const { body } = await before.post('/auth/ticket', undefined, { token: ticketed });
    await logOut(before, ended);
    await logOut(before, ticketed);
    const { dataDir } = before;
    // As if it had been pruned in a month, and the one that lives is not as old.
    const store = before.app.get(SessionStore, { strict: false });
    await store.prune(Date.now() + 31 * DAY);
    const kept = await guestToken(before);
    await before.app.close();

    const after = await startAuthApp({ ...database, JWT_SECRET, DATA_DIR: dataDir });

    expect(await statusOf(after, ended)).toBe(401);
    // Its session is not known any more.
    expect(await statusOf(after, alive)).toBe(401);
    expect(await statusOf(after, kept)).toBe(200);
    await expect(after.app.get(TicketService).redeem(String(body?.['ticket']))).rejects.toThrow(
      'invalid-token',
    );
  });

  it('a ticket of a session that ended is good for nothing, whatever the clock says', async () => {
    const app = await startAuthApp(await newDatabase());
    const token = await guestToken(app);
    const { body } = await app.post('/auth/ticket', undefined, { token });
    await logOut(app, token);
    app.clock.advance(HOUR);
    await logOut(app, await guestToken(app));
    app.clock.epoch += -HOUR;

    await expect(app.app.get(TicketService).redeem(String(body?.['ticket']))).rejects.toThrow(
      'invalid-token',
    );
  });

  it('a clock that is set ahead by a month takes no guest’s name', async () => {
    const app = await startAuthApp(await newDatabase());
    await app.post('/auth/guest', { username: 'ann' });
    app.clock.epoch += 40 * DAY;
    expect((await app.post('/auth/guest', { username: 'ann' })).status).toBe(409);
    app.clock.epoch += -40 * DAY;
    expect((await app.post('/auth/guest', { username: 'ann' })).status).toBe(409);
  });
});
