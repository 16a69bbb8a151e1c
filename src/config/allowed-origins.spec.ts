import { describe, expect, it } from '@jest/globals';
import { AllowedOrigins, faultOfOrigin } from './allowed-origins.js';

describe('An entry of ALLOWED_ORIGINS', () => {
  it.each([
    'https://chat.example.org',
    'https://chat.example.org:8443',
    'http://localhost',
    'http://localhost:5173',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://xn--bcher-kva.example',
    'https://*.example.org',
    'https://*.chat.example.org:8443',
    'http://*.example.org',
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'http://tauri.localhost',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://5f0c1b7e-0000-4000-8000-000000000000',
    'app://obsidian.md',
  ])('may be %s, and then lets in exactly itself [S1]', (entry) => {
    expect(faultOfOrigin(entry)).toBeNull();
    const allowed = new AllowedOrigins([entry]);
    expect(allowed.has(entry.replace('*', 'a'))).toBe(true);
    for (const other of [
      `${entry}.evil.example`,
      `${entry}/`,
      `x${entry}`,
      'https://evil.example',
    ]) {
      expect(allowed.has(other)).toBe(false);
    }
  });

  it.each([
    ['*', 'every page'],
    ['null', 'sandboxed frames'],
    ['file://', 'local files'],
    ['file:///home', 'local files'],
    ['ws://chat.example.org', 'a scheme that no page has'],
    ['wss://chat.example.org', 'a scheme that no page has'],
    ['ftp://chat.example.org', 'a scheme that no page has'],
    ['data:text/html,x', 'a scheme that no page has'],
    ['chat.example.org', 'is no origin'],
    ['localhost:3000', 'is no origin'],
    ['//chat.example.org', 'is no origin'],
    ['*.example.org', 'is no origin'],
    ['capacitor://', 'is no origin'],
    ['capacitor://local host', 'is no origin'],
    ['capacitor://*.example.org', 'is no origin'],
    ['https://chat.example.org/', 'as browsers send it'],
    ['https://chat.example.org/chat', 'as browsers send it'],
    ['https://Chat.example.org', 'as browsers send it'],
    ['HTTPS://chat.example.org', 'as browsers send it'],
    ['https://chat.example.org:443', 'as browsers send it'],
    ['http://chat.example.org:80', 'as browsers send it'],
    ['https://me@chat.example.org', 'as browsers send it'],
    ['https://bücher.example', 'as browsers send it'],
    ['https://chat.example.org:99999', 'as browsers send it'],
    ['https://', 'as browsers send it'],
    ['https://*', 'a wildcard elsewhere'],
    ['https://*.org', 'a wildcard elsewhere'],
    ['https://*example.org', 'a wildcard elsewhere'],
    ['https://chat.*.org', 'a wildcard elsewhere'],
    ['https://*.*.example.org', 'a wildcard elsewhere'],
    ['https://*.example.org:*', 'a wildcard elsewhere'],
    ['https://*.example.org:443', 'a wildcard elsewhere'],
    ['https://*.example.org/', 'a wildcard elsewhere'],
    ['https://*.Example.org', 'a wildcard elsewhere'],
    ['https://*.0.0.1', 'a wildcard elsewhere'],
    ['*://chat.example.org', 'is no origin'],
  ])('stops the start where it is %s', (entry, why) => {
    expect(faultOfOrigin(entry)).toContain(why);
  });
});

describe('A wildcard among ALLOWED_ORIGINS', () => {
  const allowed = new AllowedOrigins(['https://*.example.org', 'http://*.example.org:8080']);

  it.each([
    'https://chat.example.org',
    'https://a.b.c.example.org',
    'https://x-1.example.org',
    'https://a_b.example.org',
    'http://chat.example.org:8080',
  ])('lets in every depth below it: %s [S1]', (origin) => {
    expect(allowed.has(origin)).toBe(true);
  });

  it.each([
    'https://example.org',
    'https://.example.org',
    'https://a..example.org',
    'https://evilexample.org',
    'https://chat.example.org:8443',
    'http://chat.example.org',
    'https://chat.example.org.evil.example',
    'https://evil.example/.example.org',
    'https://evil.example#.example.org',
    'https://evil.example?.example.org',
    'https://evil.example\\.example.org',
    'https://evil.example:80.example.org',
    'https://evil@chat.example.org',
    'https://Chat.example.org',
    'https://chat.example.org/',
    'https://https://chat.example.org',
    'https://*.example.org',
    '',
  ])('keeps out %j [S1]', (origin) => {
    expect(allowed.has(origin)).toBe(false);
  });
});
