/** The codes with which the service closes a connection. */
const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  NotUtf8: 1007,
  PolicyViolation: 1008,
  TooBig: 1009,
  Restarting: 1012,
  TryLater: 1013,
  Unauthorized: 4401,
  TooSlow: 4408,
  SessionReplaced: 4409,
} as const;

/**
 * What a close asks of a client: `reconnect` after a delay; `renew` the tokens, then reconnect;
 * `stop` until the person wants to try again, because the same would happen again; or the session
 * is `over`.
 */
export type CloseVerdict = 'reconnect' | 'renew' | 'stop' | 'over';

const VERDICTS: ReadonlyMap<number, CloseVerdict> = new Map<number, CloseVerdict>([
  [CloseCode.Unauthorized, 'renew'],
  [CloseCode.SessionReplaced, 'over'],
  [CloseCode.Normal, 'stop'],
  [CloseCode.ProtocolError, 'stop'],
  [CloseCode.NotUtf8, 'stop'],
  [CloseCode.PolicyViolation, 'stop'],
  [CloseCode.TooBig, 'stop'],
]);

/** @param errorCode the code of the Error frame before the close, where there was one */
export function judgeClose(code: number, errorCode: string | null): CloseVerdict {
  if (errorCode === 'session-revoked') return 'over';
  return VERDICTS.get(code) ?? 'reconnect';
}

/**
 * The delay that the reason of a 1012 or 1013 suggests.
 * @returns milliseconds, 0 where it names none
 */
export function suggestedDelay(code: number, reason: string): number {
  if (code !== CloseCode.Restarting && code !== CloseCode.TryLater) return 0;
  const digits = /\d{1,9}/.exec(reason)?.[0];
  return digits === undefined ? 0 : Number(digits);
}
