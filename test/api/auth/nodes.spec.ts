import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RevokedSessions } from '../../../src/auth/sessions/revoked-sessions.js';
import { SessionStore } from '../../../src/auth/sessions/session-store.js';
import { loadSettings } from '../../../src/config/load.js';
import { SystemScheduler } from '../../../src/kernel/scheduler.js';
import { bounded } from '../../support/bounded.js';
import { HandClock } from '../../support/hand-clock.js';
import { type AuthApp, startAuthApp } from './auth-app.js';

/** A store that others write to, as a server's database is. */
const SHARED = loadSettings({ DATABASE_URL: 'postgres://database.example/parley' });

let app: AuthApp;
let store: SessionStore;
let other: RevokedSessions;

beforeEach(async () => {
  app = await startAuthApp();
  store = app.app.get(SessionStore, { strict: false });
  other = new RevokedSessions(store, app.clock, new SystemScheduler(), SHARED);
});

afterEach(async () => {
  await other.onModuleDestroy();
});

async function guestSession(): Promise<{ readonly token: string; readonly id: string }> {
  const { body } = await app.post('/auth/guest');
  const token = String(body?.['access_token']);
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return { token, id: (JSON.parse(payload) as { sid: string }).sid };
}

describe('a session that ends on one node', () => {
  it('is soon known to have ended on another one, which tells it once [S7]', async () => {
    await other.onModuleInit();
    const { token, id } = await guestSession();
    const heard: string[] = [];
    const hearing = new Promise<void>((resolve) => {
      other.onRevoked((ids) => {
        heard.push(...ids);
        resolve();
      });
    });

    await app.post('/auth/logout', undefined, { token });
    await bounded(hearing, 'the other node to hear', () => heard.join());

    expect(heard).toEqual([id]);
    expect(other.isRevoked(id)).toBe(true);
  });

  it('is known to a node that starts afterwards', async () => {
    const { token, id } = await guestSession();
    await app.post('/auth/logout', undefined, { token });

    await other.onModuleInit();

    expect(other.isRevoked(id)).toBe(true);
  });
});

describe('the memory of ended sessions', () => {
  it('lasts as long as an access token, and no longer', async () => {
    const clock = new HandClock();
    const registry = new RevokedSessions(store, clock, new SystemScheduler(), SHARED);
    registry.add(Array.from({ length: 1_000 }, (_, i) => `session-${i}`));
    clock.advance(SHARED.accessTokenTtlMs);
    registry.add(['another']);
    expect(registry.isRevoked('session-0')).toBe(true);

    clock.advance(11_000);
    registry.add(['one more']);

    expect(registry.size).toBe(2);
  });

  it('takes a session once, and tells its listeners once', () => {
    const told: (readonly string[])[] = [];
    const unsubscribe = other.onRevoked((ids) => told.push(ids));

    other.add(['a', 'b']);
    other.add(['b', 'c']);
    other.add(['c']);
    unsubscribe();
    other.add(['d']);

    expect(told).toEqual([['a', 'b'], ['c']]);
  });
});
