import { createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AuthApp, startAuthApp } from './auth-app.js';

type Json = Readonly<Record<string, unknown>>;

let app: AuthApp;
let secret: string;
let token: string;
let header: Json;
let claims: Json;

beforeAll(async () => {
  app = await startAuthApp();
  secret = readFileSync(join(app.dataDir, 'jwt-secret'), 'utf8');
  const { body } = await app.post('/auth/guest');
  token = String(body?.['access_token']);
  [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json) as [Json, Json];
});

function encode(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token that is signed with the service's own secret, whatever it says. */
function sign(head: Json, payload: Json, key = secret, hash = 'sha256'): string {
  const signed = `${encode(head)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

async function refusal(forged: string): Promise<unknown> {
  const { status, headers, body } = await app.get('/auth/me', { token: forged });
  if (status === 200) return 'accepted';
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  return body?.['code'];
}

describe('an access token', () => {
  it('is accepted as it was made, so that the refusals below have another reason', async () => {
    expect(await refusal(sign(header, claims))).toBe('accepted');
  });

  it('with alg none is refused [S5]', async () => {
    const unsigned = `${encode({ ...header, alg: 'none' })}.${encode(claims)}`;

    expect(await refusal(`${unsigned}.`)).toBe('invalid-token');
    expect(await refusal(`${unsigned}.${token.split('.')[2] ?? ''}`)).toBe('invalid-token');
    expect(await refusal(`${encode({ ...header, alg: 'nOnE' })}.${encode(claims)}.`)).toBe(
      'invalid-token',
    );
  });

  it('with another algorithm is refused, though the secret is right [S5]', async () => {
    for (const [alg, hash] of [
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
      ['RS256', 'sha256'],
      ['hs256', 'sha256'],
    ] as const) {
      expect(await refusal(sign({ ...header, alg }, claims, secret, hash))).toBe('invalid-token');
    }
  });

  it.each([
    ['kid', '/dev/null'],
    ['kid', "' UNION SELECT 'x"],
    ['jku', 'https://attacker.example/keys'],
    ['jwk', { kty: 'oct', k: 'AAAA' }],
    ['x5u', 'https://attacker.example/cert'],
    ['crit', ['exp']],
    ['b64', false],
  ])(
    'with %s in its header is refused, whatever key it was signed with [S5]',
    async (name, value) => {
      const head = { ...header, [name]: value };

      expect(await refusal(sign(head, claims))).toBe('invalid-token');
      expect(await refusal(sign(head, claims, ''))).toBe('invalid-token');
    },
  );

  it.each([
    ['another issuer', { iss: 'somebody' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'somebody' }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['a subject that is no text', { sub: 7 }],
    ['no session', { sid: undefined }],
    ['an empty session', { sid: '' }],
    ['no name', { username: undefined }],
    ['no end', { exp: undefined }],
    ['an end that is no number', { exp: 'never' }],
  ])('with %s is refused [S5]', async (_what, change) => {
    expect(await refusal(sign(header, { ...claims, ...change }))).toBe('invalid-token');
  });

  it('is refused where a character of it was changed [S5]', async () => {
    const [head = '', payload = '', signature = ''] = token.split('.');
    const forged = encode({ ...claims, sub: 'somebody else' });

    expect(await refusal(`${head}.${forged}.${signature}`)).toBe('invalid-token');
    expect(await refusal(`${head}.${payload}.${signature.split('').reverse().join('')}`)).toBe(
      'invalid-token',
    );
  });

  it.each(['x', 'a.b', 'a.b.c', '..', 'ey.ey.ey', 'x'.repeat(8_000), `${'a'.repeat(4_000)}.b.c`])(
    'that is none is refused',
    async (rubbish) => {
      expect(await refusal(rubbish)).toBe('invalid-token');
    },
  );

  it('that has expired is told so, but only where it was genuine [S5]', async () => {
    const past = { ...claims, exp: Math.floor(Date.now() / 1000) - 60 };

    expect(await refusal(sign(header, past))).toBe('token-expired');
    expect(await refusal(sign(header, past, 'another secret'))).toBe('invalid-token');
  });

  it('expires when its life of the settings is over', async () => {
    const own = await startAuthApp({ ACCESS_TOKEN_TTL: '60', LOCALE: 'zh' });
    const { body } = await own.post('/auth/guest');
    expect(body?.['expires_in']).toBe(60);
    own.clock.advance(61_000);

    const answer = await own.get('/auth/me', { token: String(body?.['access_token']) });

    expect(answer.body).toMatchObject({ code: 'token-expired', detail: 'token过期' });
  });

  it('is taken from the Authorization header only', async () => {
    for (const name of ['token', 'access_token', 'ticket']) {
      const answer = await app.get(`/auth/me?${name}=${token}`);
      expect(answer.body).toMatchObject({ code: 'unauthorized' });
      expect(answer.text).not.toContain(token);
    }
    const basic = await app.get('/auth/me', { headers: { authorization: `Basic ${token}` } });
    expect(basic.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('the secret', () => {
  it('is kept for its owner alone, and over a restart', async () => {
    const file = join(app.dataDir, 'jwt-secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const before = await startAuthApp();
    const { body } = await before.post('/auth/guest');
    await before.app.close();
    const after = await startAuthApp({ DATA_DIR: before.dataDir });

    const answer = await after.get('/auth/me', { token: String(body?.['access_token']) });
    expect(answer.status).toBe(200);
  });

  it('of the settings is used in its place', async () => {
    const JWT_SECRET = 'a-long-enough-phrase-of-my-own-0123456789';
    const own = await startAuthApp({ JWT_SECRET });
    const { body } = await own.post('/auth/guest');
    const [head, payload, signature] = String(body?.['access_token']).split('.');

    const expected = createHmac('sha256', JWT_SECRET).update(`${head}.${payload}`);
    expect(signature).toBe(expected.digest('base64url'));
  });
});
