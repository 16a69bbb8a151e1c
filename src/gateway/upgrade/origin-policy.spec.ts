import { describe, expect, it } from '@jest/globals';
import { isOriginAllowed } from './origin-policy.js';

const ALLOWED = ['https://chat.example.org'];

describe('The origin policy', () => {
  it.each([
    ['no origin at all: not a browser', undefined],
    ["the service's own page", 'http://localhost:3000'],
    ["the service's own page behind TLS", 'https://localhost:3000'],
    ['an allowed page', 'https://chat.example.org'],
  ])('lets in %s [S1]', (_case, origin) => {
    const headers = { host: 'localhost:3000', ...(origin === undefined ? {} : { origin }) };
    expect(isOriginAllowed(headers, ALLOWED)).toBe(true);
  });

  it.each([
    'null',
    '',
    'https://evil.example',
    'http://chat.example.org',
    'https://chat.example.org.evil.example',
    'https://chat.example.org:444',
    'https://chat.example.org/',
    'https://chat.example.org@evil.example',
    'http://localhost:3001',
    'http://localhost:3000.evil.example',
    'HTTP://LOCALHOST:3000',
    'file://',
    'javascript:alert(1)',
  ])('keeps out %j [S1]', (origin) => {
    expect(isOriginAllowed({ host: 'localhost:3000', origin }, ALLOWED)).toBe(false);
  });
});
