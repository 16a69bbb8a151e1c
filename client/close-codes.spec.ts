import { describe, expect, it } from '@jest/globals';
import { judgeClose, suggestedDelay } from './close-codes.js';

describe('the close codes', () => {
  it.each([1001, 1005, 1006, 1011, 1012, 1013, 4408, 4999])('reconnects after %d', (code) => {
    expect(judgeClose(code, null)).toBe('reconnect');
  });

  it.each([1000, 1002, 1007, 1008, 1009])('waits for the person after %d', (code) => {
    expect(judgeClose(code, null)).toBe('stop');
  });

  it('renews the tokens after 4401, unless the session was revoked', () => {
    expect(judgeClose(4401, 'token-expired')).toBe('renew');
    expect(judgeClose(4401, null)).toBe('renew');
    expect(judgeClose(4401, 'session-revoked')).toBe('over');
  });

  it('is over after 4409', () => {
    expect(judgeClose(4409, null)).toBe('over');
  });

  it('finds the delay that a restarting service suggests', () => {
    expect(suggestedDelay(1012, 'restarting retry_after=1500')).toBe(1_500);
    expect(suggestedDelay(1012, '')).toBe(0);
    expect(suggestedDelay(1006, '1500')).toBe(0);
  });
});
