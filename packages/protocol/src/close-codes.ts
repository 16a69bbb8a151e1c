/** The codes with which the service closes a connection (RFC 6455, and 4000 to 4999 our own). */
export const CloseCode = {
  /** A connection that is no longer needed. */
  Normal: 1000,
  /** An intermediary gives the connection up. */
  GoingAway: 1001,
  /** The client broke the WebSocket protocol. */
  ProtocolError: 1002,
  /** A text frame that isn't UTF-8. */
  InvalidUtf8: 1007,
  /** The client kept breaking the rules. */
  PolicyViolation: 1008,
  /** A frame larger than `limits.frame`. */
  TooLarge: 1009,
  /** The service restarts; the reason suggests a delay, which differs from client to client. */
  Restarting: 1012,
  /** The service cannot serve the connection now, for example because it cannot read the log. */
  TryLater: 1013,
  /** Not, or no longer, authorised; an Error frame says why. */
  Unauthorized: 4401,
  /** The client read too slowly; what it missed comes by Sync. */
  SlowReader: 4408,
  /** The session was ended elsewhere. */
  SessionEnded: 4409,
} as const;

/**
 * What a client does after a close:
 * - `reconnect` after a delay, random and growing where none is suggested;
 * - `renew` its tokens, then reconnect;
 * - `stay-away` until its person wants to try again, because the same would happen again;
 * - `log-in`: the session is over, its person has to log in again.
 */
export type CloseAction = 'reconnect' | 'renew' | 'stay-away' | 'log-in';

const ACTIONS: Readonly<Record<(typeof CloseCode)[keyof typeof CloseCode], CloseAction>> = {
  [CloseCode.Normal]: 'stay-away',
  [CloseCode.GoingAway]: 'reconnect',
  [CloseCode.ProtocolError]: 'stay-away',
  [CloseCode.InvalidUtf8]: 'stay-away',
  [CloseCode.PolicyViolation]: 'stay-away',
  [CloseCode.TooLarge]: 'stay-away',
  [CloseCode.Restarting]: 'reconnect',
  [CloseCode.TryLater]: 'reconnect',
  [CloseCode.Unauthorized]: 'renew',
  [CloseCode.SlowReader]: 'reconnect',
  [CloseCode.SessionEnded]: 'log-in',
};

/**
 * @param code any: a foreign one, such as that of a cut line, means `reconnect`
 * @param errorCode the code of the preceding Error frame, if any
 */
export function actionAfterClose(code: number, errorCode: string | null = null): CloseAction {
  if (errorCode === 'session-revoked') return 'log-in';
  return (ACTIONS as Readonly<Record<number, CloseAction>>)[code] ?? 'reconnect';
}

/**
 * The reason of a close that asks a client to reconnect later.
 * @param delayMs how long it should wait
 */
export function restartingReason(delayMs: number): string {
  return `restarting retry_after=${String(Math.round(delayMs))}`;
}

/**
 * Parses the delay that a close reason suggests.
 * @returns milliseconds; 0 where it names none
 */
export function delayAfterClose(code: number, reason: string): number {
  if (code !== CloseCode.Restarting && code !== CloseCode.TryLater) return 0;
  const digits = /\d{1,9}/.exec(reason)?.[0];
  return digits === undefined ? 0 : Number(digits);
}
