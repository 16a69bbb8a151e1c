import { beforeAll, describe, expect, it } from '@jest/globals';
import { Guests } from '../../../src/auth/accounts/guests.js';
import { onEachEngine } from '../../support/engines.js';
import { type Answer, type AuthApp, PASSWORD, startAuthApp } from './auth-app.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

onEachEngine((newDatabase) => {
  describe('a guest who does not come any more', () => {
    let app: AuthApp;

    beforeAll(async () => {
      app = await startAuthApp(await newDatabase());
    });

    async function enter(username: string): Promise<Answer> {
      return app.post('/auth/guest', { username });
    }

    it.each([
      ['another guest', '/auth/guest', {}],
      ['somebody who registers', '/auth/register', { password: PASSWORD }],
    ])('gives the name to %s after GUEST_TTL, at once [S50]', async (_who, path, more) => {
      const ann = await enter('ann');
      app.clock.advance(30 * DAY - HOUR);
      expect((await app.post(path, { username: 'ann', ...more })).status).toBe(409);

      app.clock.advance(2 * HOUR);
      const next = await app.post(path, { username: 'ANN', ...more });

      expect(next.status).toBe(201);
      expect(next.body?.['user']).not.toEqual(ann.body?.['user']);
      const refresh = { refresh_token: ann.body?.['refresh_token'] };
      expect((await app.post('/auth/refresh', refresh)).status).toBe(401);
      const token = String(ann.body?.['access_token']);
      expect((await app.get('/auth/me', { token })).status).toBe(401);
      // The next one needs the name.
      app.clock.advance(31 * DAY);
    });

    it('keeps it with every refresh', async () => {
      let tokens = await enter('faithful');
      for (let times = 0; times < 4; times++) {
        app.clock.advance(20 * DAY);
        tokens = await app.post('/auth/refresh', { refresh_token: tokens.body?.['refresh_token'] });
        expect(tokens.status).toBe(200);
      }
      expect((await enter('faithful')).status).toBe(409);
    });

    it('goes in the background, and is forgotten an hour later [S50]', async () => {
      const guests = app.app.get(Guests);
      const { body } = await enter('zoe');
      const token = String(body?.['access_token']);
      app.clock.advance(31 * DAY);
      await guests.sweep();
      const gone = Object.fromEntries(guests.departures.read());
      app.clock.advance(2 * HOUR);
      await guests.sweep();

      expect(guests.count).toBe(0);
      expect(gone['expired']).toBeGreaterThan(0);
      expect(Object.fromEntries(guests.departures.read())['forgotten']).toBeGreaterThan(0);
      expect((await app.get('/auth/me', { token })).status).toBe(401);
    });
  });

  it('a guest who logs out and has said nothing leaves the name to others', async () => {
    const app = await startAuthApp(await newDatabase());
    const { body } = await app.post('/auth/guest', { username: 'ann' });
    await app.post('/auth/logout', undefined, { token: String(body?.['access_token']) });

    expect((await app.post('/auth/guest', { username: 'ann' })).status).toBe(201);
  });
});

describe('guests', () => {
  it('keep their names for ever where GUEST_TTL is 0', async () => {
    const app = await startAuthApp({ GUEST_TTL: '0' });
    await app.post('/auth/guest', { username: 'ann' });
    app.clock.advance(1_000 * DAY);
    await app.app.get(Guests).sweep();

    expect((await app.post('/auth/guest', { username: 'ann' })).status).toBe(409);
  });

  it('are no more than MAX_GUESTS; whoever registers still comes in [S50]', async () => {
    const app = await startAuthApp({ MAX_GUESTS: '3' });
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await app.post('/auth/guest')).status);
    const refused = await app.post('/auth/guest');

    expect(statuses).toEqual([201, 201, 201, 503, 503]);
    expect(refused.body).toMatchObject({ code: 'too-many-guests', retryable: true });
    const registered = await app.post('/auth/register', { username: 'ann', password: PASSWORD });
    expect(registered.status).toBe(201);

    app.clock.advance(31 * DAY);
    await app.app.get(Guests).sweep();
    expect((await app.post('/auth/guest')).status).toBe(201);
  });
});

describe('new accounts of an address', () => {
  const BEHIND_PROXY = { TRUSTED_PROXIES: '127.0.0.1' };

  async function newcomer(app: AuthApp, address: string, username?: string): Promise<Answer> {
    const headers = { 'x-forwarded-for': address };
    return username === undefined
      ? app.post('/auth/guest', {}, { headers })
      : app.post('/auth/register', { username, password: PASSWORD }, { headers });
  }

  it('are so many a day, of guests and others together, and of no other address [S50]', async () => {
    const app = await startAuthApp({ ...BEHIND_PROXY, ACCOUNT_RATE: '3' });
    const answers = [
      await newcomer(app, '2001:db8::1'),
      await newcomer(app, '2001:db8::2', 'ann'),
      await newcomer(app, '2001:db8::3'),
      await newcomer(app, '2001:db8::4'),
      await newcomer(app, '2001:db8::5', 'bob'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429, 429]);
    expect(answers[3]?.body).toMatchObject({ code: 'rate-limited', retryable: true });
    expect((await newcomer(app, '192.0.2.1')).status).toBe(201);
    app.clock.advance(Number(answers[3]?.headers.get('retry-after')) * 1000);
    expect((await newcomer(app, '2001:db8::6')).status).toBe(201);
  });

  it('are counted when they are made: a name that is taken costs nothing', async () => {
    const app = await startAuthApp({ ACCOUNT_RATE: '2' });
    await app.post('/auth/guest', { username: 'ann' });
    for (let times = 0; times < 5; times++) {
      expect((await app.post('/auth/guest', { username: 'ann' })).status).toBe(409);
    }

    expect((await app.post('/auth/guest', { username: 'bob' })).status).toBe(201);
    expect((await app.post('/auth/guest', { username: 'cat' })).status).toBe(429);
  });

  it('are sixty times what may log in in a minute, unless it is said', async () => {
    const app = await startAuthApp({ LOGIN_RATE: '1' });
    for (let n = 0; n < 60; n++) {
      expect((await app.post('/auth/guest')).status).toBe(201);
      app.clock.advance(60_000);
    }
    // The allowance of an hour at full speed is spent, but for what the hour brought back.
    for (let n = 0; n < 3; n++) {
      await app.post('/auth/guest');
      app.clock.advance(60_000);
    }
    expect((await app.post('/auth/guest')).status).toBe(429);
  });
});
