import { describe, expect, it } from '@jest/globals';
import { actionAfterClose, delayAfterClose, restartingReason } from './close-codes.js';

describe('the close codes', () => {
  it.each([1001, 1005, 1006, 1011, 1012, 1013, 4408, 4999])('reconnects after %d', (code) => {
    expect(actionAfterClose(code)).toBe('reconnect');
  });

  it.each([1000, 1002, 1007, 1008, 1009])('waits for the person after %d', (code) => {
    expect(actionAfterClose(code)).toBe('stay-away');
  });

  it('renews the tokens after 4401, unless the session was revoked', () => {
    expect(actionAfterClose(4401, 'token-expired')).toBe('renew');
    expect(actionAfterClose(4401, null)).toBe('renew');
    expect(actionAfterClose(4401, 'session-revoked')).toBe('log-in');
  });

  it('lets the person log in again after 4409', () => {
    expect(actionAfterClose(4409)).toBe('log-in');
  });

  it('finds the delay that a restarting service suggests', () => {
    expect(delayAfterClose(1012, restartingReason(1_499.6))).toBe(1_500);
    expect(delayAfterClose(1012, '')).toBe(0);
    expect(delayAfterClose(1006, '1500')).toBe(0);
  });
});
