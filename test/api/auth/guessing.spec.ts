import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Answer, type AuthApp, PASSWORD, startAuthApp } from './auth-app.js';

/** Lets a test come from any address: the service believes it as it would its own proxy. */
const BEHIND_PROXY = { TRUSTED_PROXIES: '127.0.0.1' };

/** A service whose time stands still, however long the test takes. */
async function startHeld(env: Readonly<Record<string, string>>): Promise<AuthApp> {
  const app = await startAuthApp(env);
  return app;
}

async function logIn(
  app: AuthApp,
  username: string,
  password: string,
  address: string,
): Promise<Answer> {
  const headers = { 'x-forwarded-for': address };
  return app.post('/auth/login', { username, password }, { headers });
}

async function guess(app: AuthApp, times: number, address: string): Promise<readonly number[]> {
  const statuses = [];
  for (let i = 0; i < times; i++) {
    statuses.push((await logIn(app, 'owner', `guess number ${i}`, address)).status);
  }
  return statuses;
}

describe('guessing a password', () => {
  it('from one address ends in 429 with the time to wait, also for the right one [S13]', async () => {
    const app = await startHeld(BEHIND_PROXY);
    await app.post('/auth/register', { username: 'owner', password: PASSWORD });

    const statuses = await guess(app, 12, '192.0.2.1');
    const right = await logIn(app, 'owner', PASSWORD, '192.0.2.1');

    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect(right.status).toBe(429);
    expect(right.body).toMatchObject({ code: 'rate-limited', retryable: true });
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(right.headers.get('retry-after'))).toBeLessThanOrEqual(30);
  });

  it('locks nobody out for longer than it said [S13]', async () => {
    const app = await startHeld(BEHIND_PROXY);
    await app.post('/auth/register', { username: 'owner', password: PASSWORD });
    await guess(app, 11, '192.0.2.1');

    const refused = await logIn(app, 'owner', PASSWORD, '192.0.2.1');
    app.clock.advance(Number(refused.headers.get('retry-after')) * 1000);

    expect((await logIn(app, 'owner', PASSWORD, '192.0.2.1')).status).toBe(200);
    expect((await guess(app, 10, '192.0.2.1'))[9]).toBe(401);
  });

  it('from many addresses is bounded, and does not keep the owner out where they were [S13]', async () => {
    const app = await startHeld({ ...BEHIND_PROXY, HASH_CONCURRENCY: '2' });
    await app.post('/auth/register', { username: 'owner', password: PASSWORD });
    await logIn(app, 'owner', PASSWORD, '198.51.100.7');

    const statuses: number[] = [];
    for (let host = 1; host <= 12; host++) {
      statuses.push(...(await guess(app, 5, `203.0.113.${host}`)));
    }

    expect(statuses.slice(0, 50)).toEqual(Array<number>(50).fill(401));
    expect(statuses.slice(-5)).toEqual(Array<number>(5).fill(429));
    expect((await logIn(app, 'owner', PASSWORD, '198.51.100.7')).status).toBe(200);
    expect((await logIn(app, 'owner', PASSWORD, '203.0.113.99')).status).toBe(429);
  });

  it('of a name that nobody has is bounded in the same way [S13]', async () => {
    const app = await startHeld(BEHIND_PROXY);

    expect(await guess(app, 12, '192.0.2.1')).toEqual([...Array<number>(10).fill(401), 429, 429]);
  });

  it('by the way of changing it is bounded, too', async () => {
    const app = await startHeld(BEHIND_PROXY);
    const { body } = await app.post('/auth/register', { username: 'owner', password: PASSWORD });
    const token = String(body?.['access_token']);
    const change = { current_password: 'a wrong one', new_password: 'whatever it is' };

    const statuses = [];
    for (let i = 0; i < 11; i++) {
      statuses.push((await app.post('/auth/password', change, { token })).status);
    }

    expect(statuses).toEqual([...Array<number>(10).fill(403), 429]);
  });
});

describe('a wrong log-in', () => {
  it.each([
    ['a name that is known', 'known'],
    ['a name that is not known', 'unknown'],
    ['a guest, who has no password', 'visitor'],
    ['what can be no name', 'not a name'],
  ])('waits for a place to be hashed, as every other one does: %s [S12]', async (_, username) => {
    const app = await startHeld({ HASH_CONCURRENCY: '1', HASH_QUEUE: '0' });
    await app.post('/auth/register', { username: 'known', password: PASSWORD });
    await app.post('/auth/guest', { username: 'visitor' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () =>
        app.post('/auth/login', { username, password: 'a wrong one' }),
      ),
    );

    // Whoever finds the place taken is told so: there is no way past it that would be faster.
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
  });
});

describe('the limit of an address', () => {
  it('counts log-ins, registrations and guests together, and tells when to come again', async () => {
    const app = await startHeld({ LOGIN_RATE: '3' });
    await app.post('/auth/register', { username: 'ann', password: PASSWORD });
    await app.post('/auth/login', { username: 'ann', password: PASSWORD });
    await app.post('/auth/guest');

    const refused = await app.post('/auth/guest');

    expect([refused.status, refused.body?.['code']]).toEqual([429, 'rate-limited']);
    app.clock.advance(Number(refused.headers.get('retry-after')) * 1000);
    expect((await app.post('/auth/guest')).status).toBe(201);
  });

  it('cannot be evaded by a header that nobody vouches for [S29]', async () => {
    const app = await startHeld({ LOGIN_RATE: '3' });
    const statuses = [];
    for (let host = 1; host <= 5; host++) {
      const headers = { 'x-forwarded-for': `192.0.2.${host}`, forwarded: `for=192.0.2.${host}` };
      statuses.push((await app.post('/auth/guest', {}, { headers })).status);
    }

    expect(statuses).toEqual([201, 201, 201, 429, 429]);
  });

  it('sees through a trusted proxy, but no further than it reaches', async () => {
    const app = await startHeld({ ...BEHIND_PROXY, LOGIN_RATE: '2' });
    const statuses = [];
    for (let claim = 1; claim <= 3; claim++) {
      const headers = { 'x-forwarded-for': `10.0.0.${claim}, 192.0.2.1` };
      statuses.push((await app.post('/auth/guest', {}, { headers })).status);
    }

    expect(statuses).toEqual([201, 201, 429]);
    const other = { headers: { 'x-forwarded-for': '192.0.2.2' } };
    expect((await app.post('/auth/guest', {}, other)).status).toBe(201);
  });

  it('holds for tickets and refreshes by the rate of connections', async () => {
    const app = await startHeld({ CONNECT_RATE: '2' });
    const { body } = await app.post('/auth/guest');
    const call = { token: String(body?.['access_token']) };

    await app.post('/auth/ticket', undefined, call);
    await app.post('/auth/refresh', { refresh_token: body?.['refresh_token'] });

    expect((await app.post('/auth/ticket', undefined, call)).status).toBe(429);
  });
});

describe('200 log-ins at once', () => {
  it('are hashed a few at a time, the rest told to come again, and others served [S15]', async () => {
    const app = await startHeld({ HASH_CONCURRENCY: '1', HASH_QUEUE: '8' });
    const { body } = await app.post('/auth/register', { username: 'ann', password: PASSWORD });

    const logins = Promise.all(
      Array.from({ length: 200 }, async () =>
        app.post('/auth/login', { username: 'ann', password: PASSWORD }),
      ),
    );
    const me = await app.get('/auth/me', { token: String(body?.['access_token']) });
    const answers = await logins;

    expect(me.status).toBe(200);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
    const refused = answers.find(({ status }) => status === 503);
    expect(refused?.body).toMatchObject({ code: 'busy', retryable: true });
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect((await app.post('/auth/login', { username: 'ann', password: PASSWORD })).status).toBe(
      200,
    );
  });

  it('are not even hashed where a password is too long [S14]', async () => {
    const app = await startHeld({ HASH_CONCURRENCY: '1', HASH_QUEUE: '0' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () =>
        app.post('/auth/login', { username: 'ann', password: 'x'.repeat(129) }),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  });
});

describe('log-ins of others, from ever new addresses', () => {
  /** The owner's log-ins: each one waits in the same line as 60 others. */
  const OFTEN = 8;

  /** Tries to log in from one new address after the other, until it is told to stop. */
  async function flood(app: AuthApp, stopped: () => boolean, client: number): Promise<number> {
    let refused = 0;
    for (let n = 0; !stopped(); n++) {
      const address = `10.${client}.${n >> 8}.${n & 255}`;
      const { status } = await logIn(app, `nobody-${client}-${n}`, 'a wrong one', address);
      if (status === 503) refused += 1;
    }
    return refused;
  }

  it('60 at a time keep no owner out who is where they were before, after a restart too [S51]', async () => {
    const before = await startHeld(BEHIND_PROXY);
    await before.post(
      '/auth/register',
      { username: 'owner', password: PASSWORD },
      { headers: { 'x-forwarded-for': '198.51.100.7' } },
    );
    await before.app.close();
    const app = await startHeld({ ...BEHIND_PROXY, DATA_DIR: before.dataDir });

    let isOver = false;
    const floods = Array.from({ length: 60 }, async (_, client) =>
      flood(app, () => isOver, client),
    );
    const statuses: number[] = [];
    try {
      for (let times = 0; times < OFTEN; times++) {
        statuses.push((await logIn(app, 'owner', PASSWORD, '198.51.100.7')).status);
      }
    } finally {
      isOver = true;
    }
    const refused = (await Promise.all(floods)).reduce((sum, count) => sum + count, 0);

    expect(statuses).toEqual(Array<number>(OFTEN).fill(200));
    // The strangers filled the line indeed.
    expect(refused).toBeGreaterThan(0);
  });

  it('leave no address in the database, nor what it can be computed from alone', async () => {
    const app = await startHeld(BEHIND_PROXY);
    const headers = { 'x-forwarded-for': '198.51.100.77' };
    await app.post('/auth/register', { username: 'owner', password: PASSWORD }, { headers });
    await app.app.close();

    const files = readdirSync(app.dataDir).filter((name) => name.startsWith('parley.db'));
    const kept = files.map((name) => readFileSync(join(app.dataDir, name), 'latin1')).join('');
    const plain = createHash('sha256').update('198.51.100.77 owner').digest('base64url');
    const held = ['owner', '198.51.100', plain.slice(0, 22)].map((text) => kept.includes(text));
    expect(held).toEqual([true, false, false]);
  });
});
