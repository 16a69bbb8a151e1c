import type { Server } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Logger, type LoggerService, NotFoundException } from '@nestjs/common';
import { AddressCost } from '../../../src/http/address-cost.js';
import { bounded } from '../../support/bounded.js';
import { type AuthApp, PASSWORD, startAuthApp } from './auth-app.js';

const CANARY = 'canary-7f3a';

@Controller('broken')
class BrokenController {
  @Get()
  @AddressCost(1)
  fail(): never {
    throw new Error(`the database of ${CANARY} is on fire`);
  }

  @Get('odd')
  @AddressCost(1)
  throwSomethingElse(): never {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- whatever a package may throw
    throw { status: 418, message: CANARY };
  }

  @Get('missing')
  @AddressCost(1)
  miss(): never {
    throw new NotFoundException(CANARY);
  }
}

let app: AuthApp;

beforeAll(async () => {
  app = await startAuthApp({ HANDSHAKE_TIMEOUT: '1' }, [BrokenController]);
});

/** Writes bytes as they are and reads until the service closes. */
async function raw(text: string): Promise<string> {
  const socket = connect(app.port, '127.0.0.1');
  let received = '';
  const ended = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(received);
    });
  });
  socket.write(text);
  return bounded(ended, 'the service to close', () => received);
}

const NESTED = `${'['.repeat(4_000)}${']'.repeat(4_000)}`;

describe('a body', () => {
  it.each([
    ['no JSON', `{"username":"${CANARY}"`, 400, 'invalid-body'],
    ['JSON but no object', `["${CANARY}"]`, 400, 'invalid-body'],
    ['a text', `"${CANARY}"`, 400, 'invalid-body'],
    ['a number', '7', 400, 'invalid-body'],
    ['null', 'null', 400, 'invalid-body'],
    ['nested beyond the limit [S22]', `{"username":${NESTED},"password":"x"}`, 400, 'too-deep'],
    ['too large [S14]', JSON.stringify({ username: CANARY.repeat(100_000) }), 413, 'too-large'],
    ['of another shape', `{"username":{"$ne":"${CANARY}"},"password":"x"}`, 400, 'invalid-field'],
    ['without a field', `{"username":"${CANARY}"}`, 400, 'invalid-field'],
    [
      'with a field too many',
      `{"username":"a","password":"b","c":"${CANARY}"}`,
      400,
      'unknown-field',
    ],
    [
      'with __proto__ [S23]',
      `{"username":"a","password":"b","__proto__":{"x":1}}`,
      400,
      'unknown-field',
    ],
    ['with constructor [S23]', `{"constructor":{"prototype":{"x":1}}}`, 400, 'unknown-field'],
    ['with prototype inside [S23]', `{"username":{"prototype":1}}`, 400, 'unknown-field'],
  ])('that is %s is refused and not told back', async (_what, body, status, code) => {
    const answer = await app.post('/auth/login', body);

    expect([answer.status, answer.body?.['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.text).not.toContain(CANARY);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([
    ...['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'toLocaleString'],
    ...['propertyIsEnumerable', '__defineGetter__', '__lookupSetter__'],
  ])('is refused with a field that every object has: %s', async (name) => {
    for (const path of ['/auth/guest', '/auth/login', '/auth/register', '/auth/refresh']) {
      const answer = await app.post(path, { [name]: 'x' });
      expect(answer.body).toMatchObject({ status: 400, code: 'unknown-field' });
    }
  });

  it('has its unknown field named only where that is a plain name', async () => {
    const odd = await app.post('/auth/guest', { [`<b>${CANARY}</b>`]: 1 });
    const plain = await app.post('/auth/guest', { color: CANARY });

    expect(odd.body).not.toHaveProperty('field');
    expect(odd.text).not.toContain(CANARY);
    expect(plain.body).toMatchObject({ code: 'unknown-field', field: 'color' });
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'username=a&password=b'],
    ['a text', 'text/plain', '{"username":"a","password":"b"}'],
    ['another alphabet', 'application/json; charset=utf-7', '{}'],
  ])('of another type is refused with 415: %s', async (_what, type, body) => {
    const answer = await app.post('/auth/login', body, { headers: { 'content-type': type } });

    expect([answer.status, answer.body?.['code']]).toEqual([415, 'unsupported-media-type']);
  });

  it('that is compressed is refused before it is inflated', async () => {
    const answer = await app.post('/auth/login', '{}', { headers: { 'content-encoding': 'gzip' } });

    expect(answer.status).toBe(415);
  });
});

describe('a path', () => {
  it('that leads nowhere answers 404 as problem details, without the path', async () => {
    const { status, headers, body, text } = await app.get(`/${CANARY}?token=${CANARY}`);

    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'not-found',
      detail: 'There is nothing here.',
      retryable: false,
      request_id: headers.get('x-request-id'),
    });
    expect(text).not.toContain(CANARY);
  });

  it('that is called by another method answers 405 and names those that it has', async () => {
    const login = await app.get('/auth/login');
    const me = await app.post('/auth/me');

    expect([login.status, login.headers.get('allow')]).toEqual([405, 'POST']);
    expect([me.status, me.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(me.body).toMatchObject({ code: 'method-not-allowed' });
  });

  it('that cannot be decoded answers 4xx [S27]', async () => {
    const answer = await app.get('/auth/%E0%A4%A');

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});

describe('an internal error', () => {
  it('gives code and id to the client, and the rest once to the log under the same id [S39]', async () => {
    const lines: unknown[] = [];
    const keep = (line: unknown): void => {
      lines.push(line);
    };
    const logger: LoggerService = { log: keep, warn: keep, error: keep };
    Logger.overrideLogger(logger);
    const { status, body, text } = await app.get('/broken');
    Logger.overrideLogger(false);

    expect(status).toBe(500);
    expect(body).toMatchObject({
      code: 'internal',
      request_id: expect.stringMatching(/^[\w-]{36}$/),
    });
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('at ');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ request: body?.['request_id'] });
  });

  it('has a stable code also for what packages and the framework throw [S39]', async () => {
    const odd = await app.get('/broken/odd');
    const missing = await app.get('/broken/missing');

    expect([odd.status, odd.body?.['code']]).toEqual([400, 'bad-request']);
    expect([missing.status, missing.body?.['code']]).toEqual([404, 'not-found']);
    expect(odd.text + missing.text).not.toContain(CANARY);
  });
});

describe('every answer', () => {
  it('carries safe headers and an id of its own, whatever the client claims', async () => {
    const call = { headers: { 'x-request-id': CANARY } };
    const answers = [
      await app.get('/auth/me', call),
      await app.get('/nowhere', call),
      await app.post('/auth/login', '{', call),
      await app.post('/auth/guest', undefined, call),
    ];

    for (const { headers } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(4);
  });

  it('may be read by the pages of allowed origins, and of no others', async () => {
    const own = await startAuthApp({ ALLOWED_ORIGINS: 'https://chat.example.org' });
    const preflight = async (origin: string): Promise<string | null> => {
      const { headers } = await own.send('OPTIONS', '/auth/login', {
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      return headers.get('access-control-allow-origin');
    };

    expect(await preflight('https://chat.example.org')).toBe('https://chat.example.org');
    for (const origin of [
      'https://evil.example',
      'https://chat.example.org.evil.example',
      'null',
    ]) {
      expect(await preflight(origin)).toBeNull();
    }
    const { headers } = await app.get('/auth/me', { headers: { origin: 'https://evil.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a connection', () => {
  it('that sends its headers too slowly is cut [S25]', async () => {
    const received = await raw('GET /auth/me HTTP/1.1\r\nHost: parley\r\nX-Slow: ');

    expect(received).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is cut within ten seconds where nothing else is set [S25]', async () => {
    const own = await startAuthApp();
    const server = own.app.getHttpServer() as Server & { connectionsCheckingInterval: number };
    const { headersTimeout, requestTimeout, connectionsCheckingInterval } = server;

    // A request that is too slow is noticed when Node looks for the next time.
    expect(headersTimeout + connectionsCheckingInterval).toBeLessThanOrEqual(10_000);
    expect(requestTimeout + connectionsCheckingInterval).toBeLessThanOrEqual(10_000);
    expect(Math.min(headersTimeout, requestTimeout)).toBeGreaterThan(0);
  });

  it('that sends its body too slowly is cut', async () => {
    const head = 'POST /auth/login HTTP/1.1\r\nHost: parley\r\nContent-Type: application/json\r\n';
    const received = await raw(`${head}Content-Length: 100\r\n\r\n{`);

    expect(received).toMatch(/^HTTP\/1\.1 408 /);
  });

  it.each([
    ['2,000 headers [S26]', Array.from({ length: 2_000 }, (_, i) => `X-H${i}: v`)],
    ['200 short headers', Array.from({ length: 200 }, () => 'a: b')],
    ['one header of 20,000 characters', [`X-Long: ${'v'.repeat(20_000)}`]],
  ])('that sends %s gets 431, and others are served', async (_what, headers) => {
    const received = await raw(
      `GET /auth/me HTTP/1.1\r\nHost: parley\r\nConnection: close\r\n${headers.join('\r\n')}\r\n\r\n`,
    );

    expect(received).toMatch(/^HTTP\/1\.1 431 /);
    expect((await app.post('/auth/guest')).status).toBe(201);
  });

  it('that breaks off in the middle of a body harms nobody', async () => {
    const socket = connect(app.port, '127.0.0.1');
    const head = 'POST /auth/login HTTP/1.1\r\nHost: parley\r\nContent-Type: application/json\r\n';
    await new Promise<void>((resolve) => {
      socket.write(`${head}Content-Length: 100\r\n\r\n{"username":`, () => {
        socket.destroy();
        resolve();
      });
    });

    const answer = await app.post('/auth/login', { username: 'nobody', password: PASSWORD });
    expect(answer.status).toBe(401);
  });
});
