import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RevokedSessions } from '../../auth/sessions/revoked-sessions.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { Refusal } from '../../kernel/refusal.js';
import { DO_NOT_RECONNECT } from '../wire/close-codes.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { errorFrame } from '../wire/reject-frame.js';

const LOOK_EVERY_MS = 1_000;

/**
 * A socket never outlives its token: those whose token expired without a Renew, and those whose
 * session was ended elsewhere, are told so and closed.
 */
@Injectable()
export class SessionWatch implements OnModuleInit, OnApplicationShutdown {
  private timer: Timer | null = null;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly sessions: RevokedSessions,
    private readonly registry: ConnectionRegistry,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.timer = this.scheduler.every(LOOK_EVERY_MS, () => {
      this.endExpired();
    });
    this.unsubscribe = this.sessions.onRevoked((ids) => {
      this.endRevoked(new Set(ids));
    });
  }

  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
    this.unsubscribe?.();
  }

  private endExpired(): void {
    const now = this.clock.now();
    const frame = errorFrame(new Refusal('token-expired'), this.settings.locale);
    for (const connection of this.registry.all()) {
      if (connection.identity.expiresAt <= now) connection.end(frame);
    }
  }

  private endRevoked(sessionIds: ReadonlySet<string>): void {
    const frame = errorFrame(new Refusal('session-revoked'), this.settings.locale);
    for (const connection of this.registry.all()) {
      if (!sessionIds.has(connection.identity.sessionId)) continue;
      connection.end(frame, DO_NOT_RECONNECT.revoked);
    }
  }
}
