import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RestClient, RestError } from './rest.js';
import { ScriptedService } from './testing/scripted-service.js';
import {
  keep,
  type KeptTokens,
  SessionOver,
  TokenSession,
  type TokenVault,
} from './token-session.js';

let service: ScriptedService;
let rest: RestClient;
const sessions: TokenSession[] = [];

class SharedVault implements TokenVault {
  kept: KeptTokens | null = null;
  load(): KeptTokens | null {
    return this.kept;
  }
  save(tokens: KeptTokens): void {
    this.kept = tokens;
  }
  clear(): void {
    this.kept = null;
  }
}

function open(tokens: KeptTokens, vault?: TokenVault): TokenSession {
  let last: Promise<unknown> = Promise.resolve();
  const session = new TokenSession(rest, tokens, vault, (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  });
  sessions.push(session);
  return session;
}

function refreshes(): number {
  return service.calls.filter((call) => call === 'POST /auth/refresh').length;
}

beforeEach(async () => {
  service = new ScriptedService();
  await service.start();
  rest = new RestClient(service.origin);
});

afterEach(async () => {
  for (const session of sessions.splice(0)) session.stop();
  await service.stop();
});

describe('TokenSession', () => {
  it('gives the token that it has while that is fresh', async () => {
    const session = open(keep(service.nextTokens()));
    expect(await session.accessToken()).toBe('access 1');
    expect(refreshes()).toBe(0);
  });

  it('refreshes once for many who ask at the same time', async () => {
    const session = open(keep(service.nextTokens(0)));
    const tokens = await Promise.all([1, 2, 3].map(() => session.accessToken()));
    expect(new Set(tokens)).toEqual(new Set(['access 2']));
    expect(refreshes()).toBe(1);
  });

  it('takes what another tab got, instead of using the refresh token twice', async () => {
    const vault = new SharedVault();
    const stale = keep(service.nextTokens(0));
    const session = open(stale, vault);
    vault.save(keep(service.nextTokens()));
    expect(await session.accessToken()).toBe('access 2');
    expect(refreshes()).toBe(0);
  });

  it('leaves the tokens of somebody else in the vault alone', async () => {
    const vault = new SharedVault();
    const session = open(keep(service.nextTokens(0)), vault);
    vault.save({ ...keep(service.nextTokens()), user: { id: 'other', username: 'other' } });
    await session.accessToken();
    expect(refreshes()).toBe(1);
  });

  it('tries a call that was refused once more with a new token', async () => {
    let calls = 0;
    service.answers.set('GET /auth/me', () => {
      calls += 1;
      return calls === 1 ? { status: 401, body: {} } : { status: 200, body: { id: 'x' } };
    });
    const session = open(keep(service.nextTokens()));
    expect(await session.authorized((token) => rest.me(token))).toEqual({ id: 'x' });
    expect(refreshes()).toBe(1);
  });

  it('says that the session is over, and why, where the refresh is refused', async () => {
    service.answers.set('POST /auth/refresh', () => ({
      status: 401,
      body: { code: 'session-revoked' },
    }));
    const session = open(keep(service.nextTokens()));
    const told: string[] = [];
    session.events.on('over', (over) => told.push(over.code));
    await expect(session.refresh()).rejects.toEqual(new SessionOver('session-revoked'));
    expect(told).toEqual(['session-revoked']);
  });

  it('is not over because the service is away', async () => {
    const session = open(keep(service.nextTokens()));
    await service.stop();
    await expect(session.refresh()).rejects.toMatchObject({ status: 0, code: 'unreachable' });
    await service.start();
  });

  it('repeats a refresh that had no answer with the same token, and goes on', async () => {
    const brought: unknown[] = [];
    service.answers.set('POST /auth/refresh', (_query, body) => {
      brought.push(body);
      return brought.length < 3
        ? { status: 503, body: {} }
        : { status: 200, body: service.nextTokens() };
    });
    const session = open(keep(service.nextTokens()));
    await expect(session.refresh()).rejects.toBeInstanceOf(RestError);
    await expect(session.refresh()).rejects.toBeInstanceOf(RestError);
    expect((await session.refresh()).accessToken).toBe('access 2');
    expect(brought).toEqual(Array(3).fill('{"refresh_token":"refresh 1"}'));
  });

  it('tries what another tab got before it says that the session is over', async () => {
    const vault = new SharedVault();
    const session = open(keep(service.nextTokens(0)), vault);
    const others = keep(service.nextTokens(0));
    service.answers.set('POST /auth/refresh', (_query, body) => {
      if (body.includes('refresh 2')) {
        return { status: 200, body: service.nextTokens() };
      }
      vault.save(others);
      return { status: 401, body: { code: 'invalid-token' } };
    });
    expect(await session.accessToken()).toBe('access 3');
    expect(vault.kept?.refreshToken).toBe('refresh 3');
  });

  it('asks for no tokens at logout, and for none for what the logout overtook', async () => {
    let release = (): void => undefined;
    const overtaken = new Promise<void>((resolve) => {
      release = resolve;
    });
    service.answers.set('GET /auth/me', () => ({ status: 401, body: { code: 'session-revoked' } }));
    const session = open(keep(service.nextTokens()));
    const call = session.authorized(async (token) => {
      await overtaken;
      return rest.me(token);
    });
    const told: string[] = [];
    session.events.on('over', (over) => told.push(over.code));
    const refused = expect(call).rejects.toBeInstanceOf(SessionOver);
    await session.logout();
    release();
    await refused;
    expect(service.calls).toEqual(['POST /auth/logout', 'GET /auth/me']);
    expect(told).toEqual([]);
  });

  it('keeps no tokens that were on their way at logout', async () => {
    const vault = new SharedVault();
    const session = open(keep(service.nextTokens()), vault);
    const renewal = session.refresh();
    await session.logout();
    await renewal;
    expect(vault.kept).toBeNull();
    expect(service.calls).toEqual(['POST /auth/refresh', 'POST /auth/logout']);
  });

  it('forgets its tokens at logout, even where the service is away', async () => {
    const vault = new SharedVault();
    const tokens = keep(service.nextTokens());
    vault.save(tokens);
    const session = open(tokens, vault);
    await service.stop();
    await session.logout();
    expect(vault.kept).toBeNull();
    await service.start();
  });
});
