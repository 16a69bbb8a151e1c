import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RevokedSessions } from '../../../src/auth/sessions/revoked-sessions.js';
import { SessionStore } from '../../../src/auth/sessions/session-store.js';
import { UserStore } from '../../../src/auth/accounts/user-store.js';
import { type Answer, type AuthApp, PASSWORD, startAuthApp } from './auth-app.js';
import { onEachEngine } from '../../support/engines.js';

onEachEngine((newDatabase) => {
  let app: AuthApp;
  let people = 0;

  beforeAll(async () => {
    app = await startAuthApp(await newDatabase());
  });

  interface Pair {
    readonly username: string;
    readonly access: string;
    readonly refresh: string;
  }

  function pairOf(username: string, { body }: Answer): Pair {
    return {
      username,
      access: String(body?.['access_token']),
      refresh: String(body?.['refresh_token']),
    };
  }

  async function newcomer(): Promise<Pair> {
    people += 1;
    const username = `person${people * 100 + 22}`;
    return pairOf(username, await app.post('/auth/register', { username, password: PASSWORD }));
  }

  async function refresh(token: string): Promise<Answer> {
    return app.post('/auth/refresh', { refresh_token: token });
  }

  /** Goes away while the answer comes in. @returns what had come of it by then */
  async function cutInTheAnswer(token: string): Promise<string> {
    const body = JSON.stringify({ refresh_token: token });
    const socket = connect(app.port, '127.0.0.1');
    socket.write(
      'POST /auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    const [data] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return data.toString('latin1').slice(0, 'HTTP/1.1 200'.length);
  }

  async function statusOfMe(token: string): Promise<readonly [number, unknown]> {
    const { status, body } = await app.get('/auth/me', { token });
    return [status, body?.['code']];
  }

  describe('POST /auth/refresh', () => {
    it('gives a new pair in the same session, again and again', async () => {
      let pair = await newcomer();
      const sessions = new Set<unknown>();
      for (let times = 0; times < 3; times++) {
        const answer = await refresh(pair.refresh);
        expect(answer.status).toBe(200);
        const renewed = pairOf(pair.username, answer);
        expect(renewed.refresh).not.toBe(pair.refresh);
        const payload = Buffer.from(renewed.access.split('.')[1] ?? '', 'base64url').toString();
        sessions.add((JSON.parse(payload) as { sid: string }).sid);
        pair = renewed;
      }

      expect(sessions.size).toBe(1);
      expect(await statusOfMe(pair.access)).toEqual([200, undefined]);
    });

    it('gives another pair where the answer was lost on the way, and the session lives [S52]', async () => {
      const first = await newcomer();

      expect(await cutInTheAnswer(first.refresh)).toBe('HTTP/1.1 200');
      expect(await cutInTheAnswer(first.refresh)).toBe('HTTP/1.1 200');
      const again = await refresh(first.refresh);

      expect(again.status).toBe(200);
      const second = pairOf(first.username, again);
      expect(await statusOfMe(second.access)).toEqual([200, undefined]);
      expect((await refresh(second.refresh)).status).toBe(200);
    });

    it('ends the session where a token comes after its successor was used, and tells who listens [S52]', async () => {
      const first = await newcomer();
      const second = pairOf(first.username, await refresh(first.refresh));
      const third = pairOf(first.username, await refresh(second.refresh));
      const heard: (readonly string[])[] = [];
      const unsubscribe = app.app.get(RevokedSessions).onRevoked((ids) => heard.push(ids));

      const replay = await refresh(first.refresh);
      unsubscribe();

      expect(replay.status).toBe(401);
      expect(replay.body).toMatchObject({ code: 'invalid-token' });
      expect(heard).toHaveLength(1);
      for (const { access } of [first, second, third]) {
        expect(await statusOfMe(access)).toEqual([401, 'session-revoked']);
      }
      expect((await refresh(third.refresh)).status).toBe(401);
    });

    it('ends the session where two had successors given apart, and the second one is used [S52]', async () => {
      const first = await newcomer();
      const owner = pairOf(first.username, await refresh(first.refresh));
      app.clock.advance(5 * 60_000);
      const thief = pairOf(first.username, await refresh(first.refresh));
      const next = pairOf(first.username, await refresh(owner.refresh));

      expect((await refresh(thief.refresh)).status).toBe(401);
      expect(await statusOfMe(thief.access)).toEqual([401, 'session-revoked']);
      expect((await refresh(next.refresh)).status).toBe(401);
    });

    it('gives each of fifty tabs that come at once a pair that goes on working [S52]', async () => {
      const { username, refresh: token } = await newcomer();

      const answers = await Promise.all(Array.from({ length: 50 }, async () => refresh(token)));

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const pairs = answers.map((answer) => pairOf(username, answer));
      for (const pair of [...pairs].reverse()) {
        expect(await statusOfMe(pair.access)).toEqual([200, undefined]);
        expect((await refresh(pair.refresh)).status).toBe(200);
      }
    });

    it('asks to wait where a token is repeated without an end, and says for how long', async () => {
      const { refresh: token } = await newcomer();
      let answer = await refresh(token);
      for (let times = 0; times < 64; times++) answer = await refresh(token);

      expect([answer.status, answer.body?.['code']]).toEqual([429, 'rate-limited']);
      app.clock.advance(Number(answer.headers.get('retry-after')) * 1000 + 1);
      expect((await refresh(token)).status).toBe(200);
    });

    it.each(['x', 'x'.repeat(43), `${'x'.repeat(42)}'`])('refuses the token %j', async (token) => {
      const { status, body } = await refresh(token);

      expect([status, body?.['code']]).toEqual([401, 'invalid-token']);
    });

    it('does not take an access token, nor the other way round', async () => {
      const pair = await newcomer();

      expect((await refresh(pair.access)).status).toBe(400);
      expect(await statusOfMe(pair.refresh)).toEqual([401, 'invalid-token']);
    });

    it('refuses a token that nobody used in time', async () => {
      const own = await startAuthApp({
        ...(await newDatabase()),
        ACCESS_TOKEN_TTL: '60',
        REFRESH_TOKEN_TTL: '60',
      });
      const { body } = await own.post('/auth/guest');
      own.clock.advance(61_000);

      const answer = await own.post('/auth/refresh', { refresh_token: body?.['refresh_token'] });

      expect([answer.status, answer.body?.['code']]).toEqual([401, 'invalid-token']);
    });
  });

  describe('a person who logs in a hundred times and once more', () => {
    it('is logged out where they were longest ago [S50]', async () => {
      const first = await newcomer();
      const second = await newcomer();
      const store = app.app.get(SessionStore, { strict: false });
      const payload = Buffer.from(first.access.split('.')[1] ?? '', 'base64url').toString();
      const { sub } = JSON.parse(payload) as { sub: string };
      const { passwordHash = null } =
        (await app.app.get(UserStore, { strict: false }).findById(sub)) ?? {};
      for (let n = 0; n < 100; n++) {
        const now = app.clock.now() + 1_000 * (n + 1);
        const session = { id: `${sub} ${n}`, userId: sub, createdAt: now, expiresAt: now * 2 };
        await store.create(session, `refresh ${sub} ${n}`, passwordHash);
      }
      const { username } = first;
      const last = pairOf(
        username,
        await app.post('/auth/login', { username, password: PASSWORD }),
      );

      expect(await statusOfMe(first.access)).toEqual([401, 'session-revoked']);
      expect(await statusOfMe(second.access)).toEqual([200, undefined]);
      expect(last.access).not.toBe('undefined');
    });
  });

  describe('POST /auth/logout', () => {
    it('ends the session at once, for its access and its refresh token', async () => {
      const pair = await newcomer();

      const { status, text } = await app.post('/auth/logout', undefined, { token: pair.access });

      expect([status, text]).toEqual([204, '']);
      expect(await statusOfMe(pair.access)).toEqual([401, 'session-revoked']);
      expect((await refresh(pair.refresh)).status).toBe(401);
    });

    it('leaves the other sessions of the same person alone', async () => {
      const one = await newcomer();
      const other = pairOf(
        one.username,
        await app.post('/auth/login', { username: one.username, password: PASSWORD }),
      );

      await app.post('/auth/logout', undefined, { token: one.access });

      expect(await statusOfMe(other.access)).toEqual([200, undefined]);
    });

    it('is still known after a restart', async () => {
      const database = await newDatabase();
      const before = await startAuthApp(database);
      const { body } = await before.post('/auth/guest');
      const token = String(body?.['access_token']);
      await before.post('/auth/logout', undefined, { token });
      await before.app.close();

      const after = await startAuthApp({ ...database, DATA_DIR: before.dataDir });
      const answer = await after.get('/auth/me', { token });

      expect(answer.body).toMatchObject({ code: 'session-revoked' });
    });
  });

  describe('POST /auth/password', () => {
    const NEXT = 'a better password';

    async function change(token: string, current: string, next: string): Promise<Answer> {
      return app.post(
        '/auth/password',
        { current_password: current, new_password: next },
        { token },
      );
    }

    it('changes the password and ends all other sessions of the user [S7]', async () => {
      const here = await newcomer();
      const { username } = here;
      const there = pairOf(
        username,
        await app.post('/auth/login', { username, password: PASSWORD }),
      );

      expect((await change(here.access, PASSWORD, NEXT)).status).toBe(204);

      expect(await statusOfMe(here.access)).toEqual([200, undefined]);
      expect(await statusOfMe(there.access)).toEqual([401, 'session-revoked']);
      expect((await refresh(there.refresh)).status).toBe(401);
      expect((await refresh(here.refresh)).status).toBe(200);
      const old = await app.post('/auth/login', { username, password: PASSWORD });
      expect(old.status).toBe(401);
      expect((await app.post('/auth/login', { username, password: NEXT })).status).toBe(200);
    });

    it('leaves no session alive that the old password opened meanwhile', async () => {
      const { username, access } = await newcomer();
      const answers: Answer[] = [];
      let isChanged = false;
      // As many as keep the hashing busy: some read the old password before the change, and are let
      // in by it afterwards.
      const rush = Array.from({ length: 12 }, async () => {
        while (!isChanged) {
          answers.push(await app.post('/auth/login', { username, password: PASSWORD }));
        }
      });
      expect((await change(access, PASSWORD, NEXT)).status).toBe(204);
      isChanged = true;
      await Promise.all(rush);
      for (const answer of answers) {
        if (answer.status === 200) {
          const pair = pairOf(username, answer);
          expect(await statusOfMe(pair.access)).toEqual([401, 'session-revoked']);
          expect((await refresh(pair.refresh)).status).toBe(401);
        } else {
          expect(answer.body).toMatchObject({ code: 'invalid-credentials' });
        }
      }
      expect(await statusOfMe(access)).toEqual([200, undefined]);
    });

    it('succeeds once, however often it is asked for at once', async () => {
      const { username, access } = await newcomer();
      const news = ['a first password', 'a second password', 'a third password'];
      const answers = await Promise.all(news.map((next) => change(access, PASSWORD, next)));
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 403, 403]);
      const password = news[answers.findIndex(({ status }) => status === 204)];
      expect((await app.post('/auth/login', { username, password })).status).toBe(200);
    });

    it('answers 403 where the current password is wrong, and changes nothing', async () => {
      const { access, username } = await newcomer();

      const { status, body } = await change(access, 'wrong password', NEXT);

      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'wrong-password', field: 'current_password' });
      expect((await app.post('/auth/login', { username, password: PASSWORD })).status).toBe(200);
    });

    it('answers 403 to a guest, who has no password', async () => {
      const { body } = await app.post('/auth/guest');

      const answer = await change(String(body?.['access_token']), PASSWORD, NEXT);

      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'guest-has-no-password' });
    });

    it('refuses a new password that is too short and names the field', async () => {
      const { access } = await newcomer();

      const { status, body } = await change(access, PASSWORD, 'short');

      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'invalid-field', field: 'new_password' });
    });
  });
});
