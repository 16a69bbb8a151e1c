import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { randomSecret, UlidFactory } from '../../kernel/ids.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import { Guests } from '../accounts/guests.js';
import type { Identity } from '../identity.js';
import { hashSecret } from '../tokens/secret-hash.js';
import { RevokedSessions } from './revoked-sessions.js';
import { type Rotation, SessionStore, type StoredSession } from './session-store.js';
import type { TokenAnswer } from '../http/token-answer.js';
import { TokenService } from '../tokens/token.service.js';
import { type Account, UserStore } from '../accounts/user-store.js';

/** Sessions per account; a further one ends the one unused for longest. */
const MAX_SESSIONS = 100;
/**
 * How long the store keeps a session past the life of its tokens, for other nodes to learn its end.
 */
const KEPT_AFTER_END_MS = 60 * 60 * 1000;

/** Opens, continues and ends sessions. */
@Injectable()
export class SessionService {
  /** Outcomes of refresh tokens that were presented. */
  readonly refreshes = new Tally('outcome', [
    ...['rotated', 'repeated', 'reused', 'crowded', 'unknown'],
  ]);
  private readonly logger = new Logger('SessionService');
  private readonly ids = new UlidFactory();

  constructor(
    private readonly store: SessionStore,
    private readonly users: UserStore,
    private readonly registry: RevokedSessions,
    private readonly guests: Guests,
    private readonly tokens: TokenService,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Opens a session for whoever proved to be this account's owner.
   * @throws Refusal `invalid-credentials` where the password was changed since
   */
  async open(account: Account): Promise<TokenAnswer> {
    const now = this.clock.now();
    const id = this.ids.next(now);
    const refreshToken = randomSecret();
    const expiresAt = now + this.settings.refreshTokenTtlMs;
    const isOpen = await this.store.create(
      { id, userId: account.id, createdAt: now, expiresAt },
      hashSecret(refreshToken),
      account.passwordHash,
    );
    if (!isOpen) throw new Refusal('invalid-credentials');
    await this.endSurplus(account.id, now);
    return this.answer(account, id, refreshToken);
  }

  /**
   * Exchanges a refresh token for a new pair, again where the answer was lost on the way. A token
   * that comes after its successor was used ends its session: one of its two holders is a thief,
   * and nobody can tell which.
   * @throws Refusal `invalid-token`; `rate-limited` where it is repeated over and over
   */
  async refresh(
    refreshToken: string,
  ): Promise<{ readonly account: Account; readonly answer: TokenAnswer }> {
    const now = this.clock.now();
    const successor = randomSecret();
    const rotation = await this.store.rotate(
      hashSecret(refreshToken),
      hashSecret(successor),
      now + this.settings.refreshTokenTtlMs,
      now,
    );
    this.refreshes.count(rotation.status);
    const session = this.continued(rotation);
    const account = await this.users.findById(session.userId);
    if (account === null) throw new Refusal('invalid-token');
    return { account, answer: this.answer(account, session.id, successor) };
  }

  /** Ends a session: its tokens are refused from here on, its sockets close. */
  async end({ sessionId, user }: Identity): Promise<void> {
    await this.store.revoke(sessionId, this.clock.now());
    this.registry.add([sessionId]);
    await this.guests.leave(user.id);
  }

  /**
   * Replaces the asking person's password, and ends all of their sessions but this one.
   * @throws Refusal `wrong-password` where somebody else has replaced it meanwhile
   */
  async changePassword(identity: Identity, from: string, to: string): Promise<void> {
    const ended = await this.store.changePassword({
      userId: identity.user.id,
      from,
      to,
      except: identity.sessionId,
      now: this.clock.now(),
    });
    if (ended === null) throw new Refusal('wrong-password', { field: 'current_password' });
    this.registry.add(ended);
  }

  /** Bounds what somebody who logs in over and over can store. */
  private async endSurplus(userId: string, now: number): Promise<void> {
    const until = now + this.settings.accessTokenTtlMs + KEPT_AFTER_END_MS;
    const surplus = { userId, keep: MAX_SESSIONS, now, until };
    this.registry.add(await this.store.endSurplus(surplus));
  }

  private continued(rotation: Rotation): StoredSession {
    switch (rotation.status) {
      case 'rotated':
      case 'repeated':
        return rotation.session;
      case 'crowded':
        throw new Refusal('rate-limited', { retryAfter: rotation.retryAfter });
      case 'reused':
        this.logger.warn({ event: 'refresh-token-reused', session: rotation.session.id });
        this.registry.add([rotation.session.id]);
        throw new Refusal('invalid-token');
      case 'unknown':
        throw new Refusal('invalid-token');
    }
  }

  private answer(user: Person, sessionId: string, refreshToken: string): TokenAnswer {
    const person: Person = { id: user.id, username: user.username };
    const { token } = this.tokens.issue({ user: person, sessionId });
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: Math.floor(this.settings.accessTokenTtlMs / 1000),
      refresh_token: refreshToken,
      user: person,
    };
  }
}
