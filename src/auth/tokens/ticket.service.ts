import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { randomSecret } from '../../kernel/ids.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Identity } from '../identity.js';
import { hashSecret } from './secret-hash.js';
import { RevokedSessions } from '../sessions/revoked-sessions.js';
import { SessionStore } from '../sessions/session-store.js';

const LIFE_MS = 30_000;
const TICKET = /^[\w-]{43}$/;

/** One-time tickets, which open a socket from a page that cannot send a header. */
@Injectable()
export class TicketService {
  constructor(
    private readonly store: SessionStore,
    private readonly sessions: RevokedSessions,
    private readonly clock: Clock,
  ) {}

  /** @returns the ticket, and the seconds for which it can be redeemed */
  async issue(
    identity: Identity,
  ): Promise<{ readonly ticket: string; readonly expiresIn: number }> {
    const ticket = randomSecret();
    const claim = {
      sessionId: identity.sessionId,
      userId: identity.user.id,
      username: identity.user.username,
      sessionExpiresAt: identity.expiresAt,
    };
    await this.store.putTicket(hashSecret(ticket), claim, this.clock.now() + LIFE_MS);
    return { ticket, expiresIn: LIFE_MS / 1000 };
  }

  /**
   * Returns the identity that the ticket was issued to, once.
   * @throws Refusal `invalid-token`, also where the session has ended meanwhile
   */
  async redeem(ticket: string): Promise<Identity> {
    if (!TICKET.test(ticket)) throw new Refusal('invalid-token');
    const now = this.clock.now();
    const claim = await this.store.takeTicket(hashSecret(ticket), now);
    const isValid =
      claim !== null && claim.sessionExpiresAt > now && !this.sessions.isRevoked(claim.sessionId);
    if (!isValid) throw new Refusal('invalid-token');
    return {
      user: { id: claim.userId, username: claim.username },
      sessionId: claim.sessionId,
      expiresAt: claim.sessionExpiresAt,
    };
  }
}
