import type { Command } from '../command.js';

export const RENEW = 9;

/** Brings a fresh access token of the same person; a {@link RenewFrame} answers. */
export interface RenewCommand extends Command {
  readonly type: typeof RENEW;
  /** The access token. */
  readonly data: string;
}

/** The connection lives on under the new token's session. */
export interface RenewFrame {
  readonly type: typeof RENEW;
  readonly ref?: string;
  /** Milliseconds since the epoch. */
  readonly data: { readonly expires_at: number };
}
