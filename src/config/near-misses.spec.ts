import { describe, expect, it } from '@jest/globals';
import { KEYS } from './keys.js';
import { nearestSetting, nearMisses } from './near-misses.js';

describe('A name that is no setting', () => {
  it.each([
    ['PROT', 'PORT'],
    ['port', 'PORT'],
    ['PARLEY_PORT', 'PORT'],
    ['GUEST', 'GUESTS'],
    ['JWT_SECRETS', 'JWT_SECRET'],
    ['JWTSECRET', 'JWT_SECRET'],
    ['JWT-SECRET', 'JWT_SECRET'],
    ['REFRESH_TOKEN_TLL', 'REFRESH_TOKEN_TTL'],
    ['ALLOWED_ORGINS', 'ALLOWED_ORIGINS'],
    ['TRUSTED_PROXY', null],
    ['MAX_TEXT_LENGHT', 'MAX_TEXT_LENGTH'],
    ['DATABASE_URI', 'DATABASE_URL'],
  ])('is told from its neighbours: %s', (name, setting) => {
    expect(nearestSetting(name)).toBe(setting);
  });

  it.each([
    ...['PATH', 'HOME', 'USER', 'LANG', 'TERM', 'SHELL', 'PWD', 'HOSTNAME', 'LOGNAME', 'TZ'],
    ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_VERSION', 'npm_config_prefix', 'CI', 'DEBUG', 'MAIL'],
    ...[
      'DATABASE_PASSWORD',
      'REDIS_HOST',
      'PGHOST',
      'PGPORT',
      'XDG_DATA_DIRS',
      'LC_ALL',
      'INIT_CWD',
    ],
  ])('is left in peace where it means something else: %s', (name) => {
    expect(nearestSetting(name)).toBeNull();
  });

  it('is no setting that there is', () => {
    expect(Object.keys(KEYS).flatMap((key) => nearestSetting(key) ?? [])).toEqual([]);
  });
});

describe('An environment', () => {
  it('is told of what was probably meant, but not where that is set as well', () => {
    expect(nearMisses({ PATH: '/bin', PROT: '1', REDIS_URI: 'x', REDIS_URL: 'y' })).toEqual([
      ['PROT', 'PORT'],
    ]);
  });
});
