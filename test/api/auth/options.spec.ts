import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../support/service.js';
import { startAuthApp } from './auth-app.js';

describe('GET /auth/options', () => {
  it('tells anybody how one may come in, as the settings say', async () => {
    const app = await startAuthApp({
      DATA_DIR: temporaryFolder(),
      REGISTRATION: 'false',
      GUESTS: 'true',
      MIN_PASSWORD_LENGTH: '12',
      MAX_USERNAME_LENGTH: '20',
    });
    const { status, headers, body } = await app.get('/auth/options');

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      registration: false,
      guests: true,
      username: { max: 20 },
      password: { min: 12, max: 128 },
    });
  });
});
