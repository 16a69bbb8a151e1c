/** Why a connection is closed, by what the client should do about it. */
export interface CloseCode {
  readonly code: number;
  readonly reason: string;
}

/** The client comes back by itself. */
export const RECONNECT = {
  /** The service stops or restarts; the reason carries the delay to wait. */
  restarting: { code: 1012, reason: 'restarting' },
  tryLater: { code: 1013, reason: 'try later' },
  /** The client reads too slowly; it resumes with Sync. */
  slowReader: { code: 4408, reason: 'too slow' },
} as const satisfies Record<string, CloseCode>;

/** The client stays away until a person has done something. 1002, 1007 and 1009 come from ws. */
export const DO_NOT_RECONNECT = {
  normal: { code: 1000, reason: 'bye' },
  policy: { code: 1008, reason: 'policy' },
  unauthorized: { code: 4401, reason: 'unauthorized' },
  revoked: { code: 4409, reason: 'session ended' },
} as const satisfies Record<string, CloseCode>;

/** Codes that nobody of ours chose: those of ws, those of the client, and those of a mere end. */
const FROM_ELSEWHERE = [1001, 1002, 1003, 1005, 1006, 1007, 1009, 1011];

/** Every code that a connection can be known to have ended with. */
export const CLOSE_CODES: readonly number[] = [
  ...FROM_ELSEWHERE,
  ...[...Object.values(RECONNECT), ...Object.values(DO_NOT_RECONNECT)].map(({ code }) => code),
].sort((one, other) => one - other);

/** Whether the client is expected back: for transports whose clients do not go by codes. */
export function invitesBack({ code }: CloseCode): boolean {
  return Object.values(RECONNECT).some((one) => one.code === code);
}

/** @param delayMs how long the client should wait before it comes back */
export function restartingAfter(delayMs: number): CloseCode {
  return { code: 1012, reason: `restarting retry_after=${String(Math.round(delayMs))}` };
}
