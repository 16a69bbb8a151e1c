import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthApp, PASSWORD, startAuthApp } from './auth-app.js';
import { onEachEngine } from '../../support/engines.js';

onEachEngine((newDatabase) => {
  let app: AuthApp;

  beforeAll(async () => {
    app = await startAuthApp(await newDatabase());
  });

  const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

  describe('POST /auth/register', () => {
    it('answers 201 with tokens in the names of RFC 6749', async () => {
      const { status, headers, body } = await app.post('/auth/register', {
        username: 'Ann',
        password: PASSWORD,
      });

      expect(status).toBe(201);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: 'Bearer',
        expires_in: 900,
        refresh_token: expect.stringMatching(/^[\w-]{43}$/),
        user: { id: expect.stringMatching(ULID), username: 'Ann' },
      });
    });

    it('puts the promised claims into the token, and no more', async () => {
      const { body } = await app.post('/auth/register', { username: 'claims', password: PASSWORD });
      const [header, payload] = String(body?.['access_token'])
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString());

      expect(JSON.parse(header ?? '')).toEqual({ alg: 'HS256', typ: 'JWT' });
      expect(Object.keys(JSON.parse(payload ?? '') as object).sort()).toEqual([
        'aud',
        'exp',
        'iat',
        'iss',
        'sid',
        'sub',
        'username',
      ]);
    });

    it.each([
      ['in another case', 'BRIAN', 'brian'],
      ['in another width', 'carol', 'ｃａｒｏｌ'],
      ['in another normal form', 'Zoé', 'Zoe\u0301'],
      ['in look-alike letters', 'david', 'dаvіd'],
      ['with a capital i for an l', 'paul', 'pauI'],
    ])('answers 409 where the name is taken %s [S34]', async (_how, first, second) => {
      expect(
        (await app.post('/auth/register', { username: first, password: PASSWORD })).status,
      ).toBe(201);

      const { status, body } = await app.post('/auth/register', {
        username: second,
        password: PASSWORD,
      });

      expect(status).toBe(409);
      expect(body).toMatchObject({ code: 'username-taken', field: 'username', retryable: false });
    });

    it('gives a name that two ask for at once to one of them', async () => {
      const answers = await Promise.all(
        ['Racer', 'racer', 'RACER', 'rаcer', 'ｒacer'].map(async (username) =>
          app.post('/auth/register', { username, password: PASSWORD }),
        ),
      );

      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    });

    it.each(['', 'a b', 'a\u200Bb', 'a\u202Eb', '@ann', 'a/b', 'a:b', 'x'.repeat(33), 'a\r\nb'])(
      'refuses the name %j and names the field [S34]',
      async (username) => {
        const { status, body } = await app.post('/auth/register', { username, password: PASSWORD });

        expect(status).toBe(400);
        expect(body).toMatchObject({ code: 'username-invalid', field: 'username' });
      },
    );

    it.each([
      ['too short', 'seven77'],
      ['too long', 'x'.repeat(129)],
      ['too long by far', 'x'.repeat(10_000)],
      ['half a character', `pass\uD800word`],
    ])('refuses a password that is %s', async (_what, password) => {
      const body = JSON.stringify({ username: 'pete', password });
      const { status, body: problem } = await app.post('/auth/register', body);

      expect(status).toBe(400);
      expect(problem).toMatchObject({ code: 'invalid-field', field: 'password' });
    });

    it('counts a password in characters, not in bytes or UTF-16 units', async () => {
      const password = '🔑'.repeat(128);
      const { status } = await app.post('/auth/register', { username: 'keys', password });

      expect(status).toBe(201);
      expect((await app.post('/auth/login', { username: 'keys', password })).status).toBe(200);
    });

    it('answers 403 where registration is closed', async () => {
      const closed = await startAuthApp({
        ...(await newDatabase()),
        REGISTRATION: 'false',
        LOCALE: 'zh',
      });
      const { status, body } = await closed.post('/auth/register', {
        username: 'ann',
        password: PASSWORD,
      });

      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'registration-closed', detail: '注册已关闭' });
    });
  });

  describe('POST /auth/login', () => {
    it('knows the person under every form of the name, and shows the one that was registered', async () => {
      const registered = await app.post('/auth/register', {
        username: 'Émile',
        password: PASSWORD,
      });

      for (const username of ['Émile', 'émile', 'ÉMILE', 'E\u0301mile', 'Éｍｉｌｅ']) {
        const { status, body } = await app.post('/auth/login', { username, password: PASSWORD });
        expect(status).toBe(200);
        expect(body?.['user']).toEqual(registered.body?.['user']);
      }
    });

    it('takes a password from a keyboard that composes its letters otherwise', async () => {
      const password = 'café crème';
      await app.post('/auth/register', { username: 'composed', password });

      const { status } = await app.post('/auth/login', {
        username: 'composed',
        password: 'cafe\u0301\u00A0cre\u0300me',
      });

      expect(status).toBe(200);
    });

    it('answers the same for a wrong password, an unknown name, a guest and an impossible name [S12]', async () => {
      await app.post('/auth/register', { username: 'known', password: PASSWORD });
      await app.post('/auth/guest', { username: 'visitor' });
      const answers = [];
      for (const username of ['known', 'unknown', 'visitor', 'not a name']) {
        answers.push(await app.post('/auth/login', { username, password: 'wrong password' }));
      }

      const shown = answers.map(({ status, headers, body }) => ({
        status,
        challenge: headers.get('www-authenticate'),
        body: { ...body, request_id: '' },
      }));
      expect(shown[0]).toMatchObject({
        status: 401,
        challenge: 'Bearer',
        body: { code: 'invalid-credentials', title: 'Unauthorized', type: 'about:blank' },
      });
      for (const one of shown) expect(one).toEqual(shown[0]);
    });
  });

  describe('POST /auth/guest', () => {
    it('admits somebody under a name that nobody has', async () => {
      const { status, body } = await app.post('/auth/guest', { username: '张三' });

      expect(status).toBe(201);
      expect(body?.['user']).toMatchObject({ username: '张三' });
      expect((await app.post('/auth/guest', { username: '张三' })).status).toBe(409);
    });

    it.each([
      ['en', 'guest-1', 'guest-2'],
      ['zh', '用户1', '用户2'],
    ])('finds a name in the language %s, and passes over one that is taken', async (...names) => {
      const [LOCALE, taken, next] = names;
      const own = await startAuthApp({ ...(await newDatabase()), LOCALE });
      await own.post('/auth/register', { username: taken, password: PASSWORD });

      const { status, body } = await own.post('/auth/guest');

      expect(status).toBe(201);
      expect(body?.['user']).toMatchObject({ username: next });
    });

    it('counts null as no name, as on the socket', async () => {
      expect((await app.post('/auth/guest', { username: null })).status).toBe(201);
    });

    it('answers 403 where guests are not admitted', async () => {
      const closed = await startAuthApp({ ...(await newDatabase()), GUESTS: 'false' });
      const { status, body } = await closed.post('/auth/guest', {});

      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'guests-closed' });
    });
  });

  describe('GET /auth/me', () => {
    it('tells who somebody is, and whether as a guest', async () => {
      const registered = await app.post('/auth/register', { username: 'mia', password: PASSWORD });
      const guest = await app.post('/auth/guest', { username: 'gil' });

      const mia = await app.get('/auth/me', { token: String(registered.body?.['access_token']) });
      const gil = await app.get('/auth/me', { token: String(guest.body?.['access_token']) });

      expect(mia.body).toEqual({
        ...(registered.body?.['user'] as object),
        guest: false,
        created_at: expect.any(Number),
      });
      expect(gil.body).toMatchObject({ username: 'gil', guest: true });
    });
  });
});
