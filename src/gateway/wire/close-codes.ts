import { actionAfterClose, CloseCode, restartingReason } from '@parley/protocol';

/** The body of a Close frame. What a client does after it: see {@link CloseCode}. */
export interface CloseFrame {
  readonly code: number;
  readonly reason: string;
}

/** The client reconnects by itself. */
export const RECONNECT = {
  restarting: { code: CloseCode.Restarting, reason: 'restarting' },
  tryLater: { code: CloseCode.TryLater, reason: 'try later' },
  slowReader: { code: CloseCode.SlowReader, reason: 'too slow' },
} as const satisfies Record<string, CloseFrame>;

/** The client stays away until a person has done something, or it has a better token. */
export const DO_NOT_RECONNECT = {
  normal: { code: CloseCode.Normal, reason: 'bye' },
  policy: { code: CloseCode.PolicyViolation, reason: 'policy' },
  unauthorized: { code: CloseCode.Unauthorized, reason: 'unauthorized' },
  revoked: { code: CloseCode.SessionEnded, reason: 'session ended' },
} as const satisfies Record<string, CloseFrame>;

/**
 * Codes that the protocol does not name: 1003 may come from a client, 1005 and 1006 mean an end
 * without a code, 1011 an error.
 */
const FROM_ELSEWHERE = [1003, 1005, 1006, 1011];

/** Every code that a connection can end with. */
export const CLOSE_CODES: readonly number[] = [...FROM_ELSEWHERE, ...Object.values(CloseCode)].sort(
  (one, other) => one - other,
);

/** Whether the client should reconnect: for transports whose clients ignore codes. */
export function invitesBack({ code }: CloseFrame): boolean {
  return actionAfterClose(code) === 'reconnect';
}

/** @param delayMs how long the client should wait before it reconnects */
export function restartingAfter(delayMs: number): CloseFrame {
  return { code: CloseCode.Restarting, reason: restartingReason(delayMs) };
}
