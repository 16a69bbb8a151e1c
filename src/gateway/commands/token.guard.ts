import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { RevokedSessions } from '../../auth/sessions/revoked-sessions.js';
import { Clock } from '../../kernel/clock.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Connection } from '../connections/connection.js';

/** Checks for every frame that the session's token is still valid. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    private readonly sessions: RevokedSessions,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `token-expired` or `session-revoked` */
  canActivate(context: ExecutionContext): boolean {
    const { identity } = context.switchToWs().getClient<Connection>();
    if (identity.expiresAt <= this.clock.now()) throw new Refusal('token-expired');
    if (this.sessions.isRevoked(identity.sessionId)) throw new Refusal('session-revoked');
    return true;
  }
}
