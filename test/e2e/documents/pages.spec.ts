import { beforeAll, describe, expect, it } from '@jest/globals';
import { type IncomingMessage, request } from 'node:http';
import { existsSync, readdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { type RunningApp, startApp } from '../../support/app.js';
import { CHROMIUM, describeWith } from '../../support/requirements.js';

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
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
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
