import { beforeAll, describe, expect, it } from '@jest/globals';
import { type IncomingMessage, request } from 'node:http';
import { existsSync, readdirSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type RunningApp, startApp } from '../../support/app.js';
import { openBrowser } from '../../support/browser.js';
import { guest } from '../../support/people.js';
import { describeWith } from '../../support/requirements.js';

const STRICT = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

const ASSETS = new URL('../../../dist/web/assets/', import.meta.url);

let service: RunningApp;

beforeAll(async () => {
  service = await startApp();
});

describe('the pages', () => {
  it.each(['/', '/docs'])('come under a policy that runs no inline script: %s', async (path) => {
    const response = await fetch(service.url + path);
    expect(response.status).toBe(200);
    const { host } = new URL(service.url);
    const policy = response.headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(
      STRICT.map((rule) =>
        rule.startsWith('connect-src') ? `${rule} ws://${host} wss://${host}` : rule,
      ),
    );
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    const html = await response.text();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/i);
  });

  it.each(["x; script-src 'unsafe-inline'", 'x y', 'x,y', "'unsafe-eval'", 'a/b', '*'])(
    'are not there for the Host header %j, and the policy has nothing of it',
    async (host) => {
      const { headers, statusCode } = await new Promise<IncomingMessage>((resolve, reject) => {
        const call = request(`${service.url}/docs`, { headers: { host } }, resolve);
        call.once('error', reject).end();
      });
      expect(statusCode).toBe(400);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
      );
    },
  );

  describe('are sent compressed', () => {
    const [script = ''] = existsSync(ASSETS)
      ? readdirSync(ASSETS).filter((name) => name.endsWith('.js'))
      : [];
    const paths = [
      ...['/', `/assets/${script}`, '/socket.io/socket.io.js', '/docs/openapi.json'],
      '/docs/assets/swagger-ui-bundle.js',
    ];

    async function get(
      path: string,
      headers: Readonly<Record<string, string>> = {},
      method = 'GET',
    ): Promise<{ answer: IncomingMessage; body: Buffer }> {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const call = request(service.url + path, { method, headers }, resolve);
        call.once('error', reject).end();
      });
      return { answer, body: await buffer(answer) };
    }

    it('and a log-in takes at most 20 KB of script then, the chat at most 48 KB in all', async () => {
      const { body: page } = await get('/');
      const first = page.toString().match(/assets\/[^"]+\.js/g) ?? [];
      const chat = readdirSync(ASSETS).filter((name) => /^chat-.*\.js$/.test(name));
      expect(chat).toHaveLength(1);
      const sizeOf = async (paths: readonly string[]): Promise<number> => {
        const answers = await Promise.all(
          paths.map((path) => get(`/${path}`, { 'accept-encoding': 'gzip' })),
        );
        expect(new Set(answers.map(({ answer }) => answer.statusCode))).toEqual(new Set([200]));
        return answers.reduce((sum, { body }) => sum + body.length, 0);
      };
      const bytes = await sizeOf(first);
      expect(bytes).toBeLessThan(20 * 1024);
      expect(bytes + (await sizeOf([`assets/${chat[0]}`]))).toBeLessThan(48 * 1024);
    });

    it.each(paths)('and are the same then: %s', async (path) => {
      const plain = await get(path);
      expect(plain.answer.headers['content-encoding']).toBeUndefined();
      for (const [encoding, inflate] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const { answer, body } = await get(path, { 'accept-encoding': encoding });
        expect(answer.headers).toMatchObject({
          'content-encoding': encoding,
          'content-type': plain.answer.headers['content-type'],
          'cache-control': plain.answer.headers['cache-control'],
          vary: 'Accept-Encoding',
        });
        expect(inflate(body).equals(plain.body)).toBe(true);
        expect(answer.headers.etag).not.toBe(plain.answer.headers.etag);
      }
    });

    it.each([
      ['br, gzip', 'br'],
      ['gzip, deflate', 'gzip'],
      ['br;q=0, gzip;q=0.1', 'gzip'],
      ['*', 'br'],
      ['identity', undefined],
      ['identity, br;q=0.5', undefined],
      ['deflate', undefined],
      ['nonsense;;q=', undefined],
    ])('as a client takes it: %s', async (accepted, encoding) => {
      const { answer } = await get('/socket.io/socket.io.js', { 'accept-encoding': accepted });
      expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([200, encoding]);
      expect(answer.headers.vary).toBe('Accept-Encoding');
    });

    it('with an answer to HEAD, to what is known already, and to a part of the file', async () => {
      const path = '/socket.io/socket.io.js';
      const accepting = { 'accept-encoding': 'br' };
      const whole = await get(path, accepting);
      const { etag = '', 'content-length': length } = whole.answer.headers;
      const head = await get(path, accepting, 'HEAD');
      expect([head.body.length, head.answer.headers['content-length']]).toEqual([0, length]);
      const known = await get(path, { ...accepting, 'if-none-match': etag });
      expect([known.answer.statusCode, known.body.length]).toEqual([304, 0]);
      const plain = await get(path, { 'if-none-match': etag });
      expect(plain.answer.statusCode).toBe(200);
      const part = await get(path, { ...accepting, range: 'bytes=0-9' });
      expect([part.answer.statusCode, part.answer.headers['content-encoding']]).toEqual([
        206,
        undefined,
      ]);
      expect(part.body).toEqual(plain.body.subarray(0, 10));
    });

    it('but what people said is not: its length would tell of it', async () => {
      const { access_token: token } = await guest(service, 'reader');
      const headers = { 'accept-encoding': 'br, gzip', authorization: `Bearer ${token}` };
      for (const path of ['/rooms/lobby/messages', '/rooms/lobby/export', '/auth/me']) {
        const { answer } = await get(path, headers);
        expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([200, undefined]);
      }
    });
  });

  it('are asked for anew, while an asset with a hash in its name is kept for ever', async () => {
    const page = await fetch(service.url);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const [name = ''] = existsSync(ASSETS) ? readdirSync(ASSETS) : [];
    const asset = await fetch(`${service.url}/assets/${name}`);
    expect(asset.status).toBe(200);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    '/assets/..%2findex.html',
    '/assets/..%2f..%2fpackage.json',
    '/assets/.htaccess',
    '/assets/%00',
    '/docs/assets/..%2fpackage.json',
    '/docs/assets/package.json',
    '/docs/protocol.md',
    '/assets/',
    '/index.html',
    '/nothing',
  ])('are all that there is: %s is a problem detail', async (path) => {
    const response = await fetch(service.url + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ code: 'not-found' });
  });
});

describeWith('chromium', 'the page of the documents', () => {
  it('shows every call and every frame, and breaks no rule of its policy', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(`${service.url}/docs`);
      await page.locator('#operations-history-roomMessages').click();
      await page.locator('#operations-history-roomMessages .opblock-body').waitFor();
      await page.getByText('9 Renew').first().click();
      await page.locator('pre', { hasText: 'eyJhbGciOiJIUzI1NiJ9' }).waitFor();
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
