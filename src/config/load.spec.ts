import { describe, expect, it } from '@jest/globals';
import { KEYS } from './keys.js';
import { loadSettings, SettingsError } from './load.js';

const SECRET = 'vR8s0mYt4Lq2Zx6NcB1wKd9HgF3jPe7U';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('gives every setting its default in an empty environment', () => {
    const settings = loadSettings({});

    expect(settings).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      environment: 'development',
      locale: 'en',
      databaseUrl: null,
      redis: null,
      jwtSecret: null,
      allowedOrigins: [],
      registration: true,
      guests: true,
      managementPort: null,
      managementHost: '127.0.0.1',
    });
    expect(settings.limits).toMatchObject({ frameBytes: 65_536, textLength: 4_000, jsonDepth: 8 });
  });

  it('takes an empty or blank value for an unset one', () => {
    const blank = Object.fromEntries(Object.keys(KEYS).map((key) => [key, '  ']));

    expect(loadSettings(blank)).toEqual(loadSettings({}));
  });

  it('reads seconds as milliseconds, fractions too', () => {
    const settings = loadSettings({ HEARTBEAT_INTERVAL: '1.5', PRESENCE_GRACE: '0' });

    expect(settings.heartbeatIntervalMs).toBe(1_500);
    expect(settings.presenceGraceMs).toBe(0);
  });

  it('reads lists without their blanks', () => {
    const settings = loadSettings({
      ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443 ,',
    });

    expect(settings.allowedOrigins).toEqual(['https://a.example', 'https://b.example:8443']);
  });

  it.each(['/parley', '/apps/parley', '/a.b/~me_1-x'])('reads %s as a base path', (BASE_PATH) => {
    expect(loadSettings({ BASE_PATH }).basePath).toBe(BASE_PATH);
  });

  it.each([
    'parley',
    '/',
    '/parley/',
    '//parley',
    '/a//b',
    '/../etc',
    '/a b',
    '/a?b',
    'https://a/b',
  ])('refuses %s as a base path', (BASE_PATH) => {
    expect(faultsOf({ BASE_PATH })).toHaveLength(1);
  });

  it('is frozen through and through', () => {
    const settings = loadSettings({ ALLOWED_ORIGINS: 'https://a.example' });

    expect(Object.isFrozen(settings)).toBe(true);
    expect(Object.isFrozen(settings.limits)).toBe(true);
    expect(Object.isFrozen(settings.allowedOrigins)).toBe(true);
  });

  it('names all bad keys at once and none of their values', () => {
    const bad = {
      PORT: '70000x',
      LOCALE: 'klingon-canary',
      GUESTS: 'perhaps-canary',
      DATABASE_URL: 'mysql://canary:canary@db/parley',
      HEARTBEAT_INTERVAL: '-canary',
      JWT_SECRET: 'short-canary',
    };

    const faults = faultsOf(bad);

    expect(faults.map((fault) => fault.slice(0, fault.indexOf(':'))).sort()).toEqual(
      Object.keys(bad).sort(),
    );
    expect(faults.join('\n')).not.toMatch(/canary|70000/);
    expect(() => loadSettings(bad)).toThrow(/PORT(.|\n)*LOCALE(.|\n)*JWT_SECRET/);
  });

  it.each(Object.keys(KEYS).filter((key) => /^(MAX|MIN|HASH|\w+_(TTL|RATE|PORT)$)/.test(key)))(
    'refuses for %s what is negative, huge or not a whole number',
    (key) => {
      for (const value of ['-1', '99999999999', '1e3', 'NaN', 'Infinity', '0x10']) {
        expect(faultsOf({ [key]: value })).toHaveLength(1);
      }
    },
  );

  it('accepts a port of 0 and refuses one above 65535', () => {
    expect(loadSettings({ PORT: '0' }).port).toBe(0);
    expect(faultsOf({ PORT: '65536' })).toHaveLength(1);
  });

  it('accepts the ends of a range', () => {
    const settings = loadSettings({ MAX_JSON_DEPTH: '64', MIN_PASSWORD_LENGTH: '1' });

    expect(settings.limits).toMatchObject({ jsonDepth: 64, passwordMin: 1 });
  });
});

describe('settings that go together', () => {
  it('refuses REDIS_URL without DATABASE_URL', () => {
    const redis = { REDIS_URL: 'redis://cache:6379', JWT_SECRET: SECRET };

    expect(faultsOf(redis)).toEqual(['REDIS_URL: goes with DATABASE_URL only']);
    expect(faultsOf({ ...redis, DATABASE_URL: 'postgres://db/parley' })).toEqual([]);
  });

  it('refuses a management port that is the public one, unless both are to be found', () => {
    expect(faultsOf({ PORT: '3000', MANAGEMENT_PORT: '3000' })).toEqual([
      'MANAGEMENT_PORT: is PORT; it must be another one',
    ]);
    expect(faultsOf({ PORT: '0', MANAGEMENT_PORT: '0' })).toEqual([]);
  });

  it('wants the secret that all nodes share where there are several', () => {
    const nodes = { REDIS_URL: 'redis://cache:6379', DATABASE_URL: 'postgres://db/parley' };

    expect(faultsOf(nodes)).toEqual([
      'JWT_SECRET: must be set, the same for every node, where REDIS_URL is',
    ]);
  });

  it.each([
    ['postgres://canary:canary@db', 'names no database'],
    ['postgres://db/', 'names no database'],
    ['postgres://db/parley?sslmode=require', 'takes no parameter but host'],
    ['postgres://user:100%@db/parley', 'a % that stands for itself must be written as %25'],
  ])('refuses %s for a database', (DATABASE_URL, fault) => {
    const faults = faultsOf({ DATABASE_URL });

    expect(faults).toEqual([expect.stringContaining(`DATABASE_URL: ${fault}`)]);
    expect(faults.join()).not.toContain('canary');
  });

  it.each([
    'postgres://parley:p%40ss%3Aword@db.example.org:5433/parley',
    'postgresql://[::1]/parley',
    'postgres:///parley?host=/run/postgresql',
  ])('takes %s for a database', (DATABASE_URL) => {
    expect(faultsOf({ DATABASE_URL })).toEqual([]);
  });

  it('refuses an access token that outlives its refresh token', () => {
    expect(faultsOf({ ACCESS_TOKEN_TTL: '3600', REFRESH_TOKEN_TTL: '600' })).toEqual([
      'REFRESH_TOKEN_TTL: is below ACCESS_TOKEN_TTL',
    ]);
  });

  it('refuses a shortest password that is longer than the longest', () => {
    expect(faultsOf({ MIN_PASSWORD_LENGTH: '100', MAX_PASSWORD_LENGTH: '64' })).toEqual([
      'MIN_PASSWORD_LENGTH: is above MAX_PASSWORD_LENGTH',
    ]);
  });

  it('names each allowed origin that is none by its place, without its text', () => {
    expect(
      faultsOf({ ALLOWED_ORIGINS: 'https://fine.example,canary,https://canary.example/' }),
    ).toEqual([
      'ALLOWED_ORIGINS: entry 2 is no origin; one is like https://chat.example.org',
      'ALLOWED_ORIGINS: entry 3 is not as browsers send it: small letters, no default port, no path, no slash at its end',
    ]);
  });
});

describe('JWT_SECRET', () => {
  it('may be unset outside production', () => {
    expect(loadSettings({ NODE_ENV: 'development' }).jwtSecret).toBeNull();
    expect(loadSettings({ NODE_ENV: 'test' }).jwtSecret).toBeNull();
  });

  it('must be set in production [S16]', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual(['JWT_SECRET: must be set in production']);
    expect(loadSettings({ NODE_ENV: 'production', JWT_SECRET: SECRET }).jwtSecret).toBe(SECRET);
  });

  it('is refused where it is shorter than 32 characters, in any environment [S16]', () => {
    for (const NODE_ENV of ['development', 'test', 'production']) {
      expect(faultsOf({ NODE_ENV, JWT_SECRET: SECRET.slice(1) })).toEqual([
        'JWT_SECRET: must have at least 32 characters',
      ]);
    }
  });

  it.each([
    'secretsecretsecretsecretsecretsecret',
    'change-me-change-me-change-me-change-me',
    'CHANGEME-CHANGEME-CHANGEME-CHANGEME',
    'password12345678901234567890123456',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabcabcabcabcabcabcabc',
  ])('is refused where anybody would guess it: %s [S16]', (JWT_SECRET) => {
    expect(faultsOf({ NODE_ENV: 'production', JWT_SECRET })).toEqual([
      'JWT_SECRET: is well known or easily guessed',
    ]);
  });
});
