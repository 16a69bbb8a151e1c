import { describe, expect, it } from '@jest/globals';
import { redactFields, redactText, redactUrl } from './redaction.js';

const CANARY = 'canary-5f1c';
const JWT = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${CANARY}`;

describe('redactUrl', () => {
  it.each([
    `/chat?token=${CANARY}`,
    `/chat?ticket=${CANARY}&x=1`,
    `/chat?x=1&TOKEN=${CANARY}`,
    `/chat?%74oken=${CANARY}`,
    `/chat?%e0%a4%a&refresh_token=${CANARY}`,
    `/chat?note=${JWT}`,
    `/chat/${JWT}?x=1`,
    `https://chat.example.org/chat?a=?&access_token=${CANARY}#end`,
  ])('removes what would let somebody in: %s', (url) => {
    expect(redactUrl(url)).not.toContain(CANARY);
  });

  it('leaves every other parameter as it is', () => {
    expect(redactUrl('/rooms/lobby/messages?before=5&token=x&limit=2')).toBe(
      '/rooms/lobby/messages?before=5&token=[redacted]&limit=2',
    );
    expect(redactUrl('/rooms/lobby/messages')).toBe('/rooms/lobby/messages');
    expect(redactUrl('/chat?flag')).toBe('/chat?flag');
  });
});

describe('redactText', () => {
  it.each([
    `GET /chat?token=${CANARY} failed`,
    `Authorization: Bearer ${CANARY}`,
    `the token ${JWT} is not valid`,
    `connect postgres://parley:${CANARY}@db.example.org:5432/parley`,
  ])('removes what would let somebody in: %s', (text) => {
    expect(redactText(text)).not.toContain(CANARY);
  });

  it('cuts a long text, and leaves no half of a token at the cut', () => {
    const text = redactText(`${'x'.repeat(8_192 - 30)} ${JWT}`);
    expect(text.length).toBeLessThan(8_192);
    expect(text).toMatch(/x \[redacted\]$/);
  });
});

describe('redactFields', () => {
  it('removes fields that hold secrets or texts of people, at any level', () => {
    const fields = {
      user: 'ann',
      Password: CANARY,
      frame: { data: CANARY, list: [{ text: CANARY }] },
    };
    const line = JSON.stringify(redactFields(fields));
    expect(line).not.toContain(CANARY);
    expect(line).toContain('ann');
  });

  it('is bounded in depth and width', () => {
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${String(i)}`, i]));
    expect(Object.keys(redactFields(wide))).toHaveLength(32);
    expect(redactFields({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({
      a: { b: { c: { d: '[deeper]' } } },
    });
  });
});
