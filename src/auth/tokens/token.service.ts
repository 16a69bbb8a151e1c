import { Inject, Injectable } from '@nestjs/common';
import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Identity } from '../identity.js';
import { LruMap } from '../accounts/lru-map.js';
import { RevokedSessions } from '../sessions/revoked-sessions.js';

const ALGORITHM = 'HS256';
const ISSUER = 'parley';
const AUDIENCE = 'parley';
const MAX_LENGTH = 2_048;
/** Tokens whose signature need not be verified again. */
const CAPACITY = 10_000;

interface Claims {
  readonly sub: string;
  readonly username: string;
  readonly sid: string;
  readonly exp: number;
}

interface Known extends Claims {
  /** Issued by this process. */
  readonly isOurs: boolean;
  /** When it ends at the latest by the monotonic clock (ms). */
  readonly endMono: number;
}

/** Access tokens: JWTs signed with the service's own secret and nothing else (RFC 8725). */
@Injectable()
export class TokenService {
  /** Issued or verified by this process: a log-in is followed by a socket, and by many calls. */
  private readonly known = new LruMap<string, Known>(CAPACITY);

  constructor(
    private readonly jwt: JwtService,
    private readonly sessions: RevokedSessions,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @returns the token and when it ends (ms since the epoch) */
  issue(session: { readonly user: Person; readonly sessionId: string }): {
    readonly token: string;
    readonly expiresAt: number;
  } {
    const now = this.clock.now();
    const exp = Math.floor((now + this.settings.accessTokenTtlMs) / 1000);
    const { id: sub, username } = session.user;
    const claims: Claims = { sub, username, sid: session.sessionId, exp };
    const token = this.jwt.sign(
      { ...claims, iat: Math.floor(now / 1000) },
      { algorithm: ALGORITHM, issuer: ISSUER, audience: AUDIENCE },
    );
    this.keep(token, claims, true);
    return { token, expiresAt: exp * 1000 };
  }

  /**
   * Asks the store only where the clock was set back and this process did not issue the token.
   * @throws Refusal `invalid-token`, `token-expired` or `session-revoked`, by rejection
   */
  async verify(token: string): Promise<Identity> {
    const { sub, username, sid, exp, isOurs } = this.claimsOf(token);
    const isOver =
      this.sessions.isRevoked(sid) ||
      (!isOurs && this.sessions.isDoubtful(exp * 1000) && !(await this.sessions.isAlive(sid)));
    if (isOver) throw new Refusal('session-revoked');
    return { user: { id: sub, username }, sessionId: sid, expiresAt: exp * 1000 };
  }

  private claimsOf(token: string): Known {
    if (token.length > MAX_LENGTH) throw new Refusal('invalid-token');
    const known = this.known.get(token);
    if (known === undefined) return this.read(token);
    // However the wall clock is set, no token outlives its lifetime.
    const isPast =
      known.exp <= Math.floor(this.clock.now() / 1000) || known.endMono <= this.clock.monotonic();
    if (isPast) throw new Refusal('token-expired');
    return known;
  }

  private read(token: string): Known {
    const { header, payload } = this.decode(token);
    // There is one key. A token that names another, or carries a critical header, is not ours.
    if (Object.keys(header).some((name) => name !== 'alg' && name !== 'typ')) {
      throw new Refusal('invalid-token');
    }
    if (!areClaims(payload)) throw new Refusal('invalid-token');
    return this.keep(token, payload, false);
  }

  private keep(token: string, { sub, username, sid, exp }: Claims, isOurs: boolean): Known {
    const endMono = this.clock.monotonic() + this.settings.accessTokenTtlMs;
    const known = { sub, username, sid, exp, isOurs, endMono };
    this.known.set(token, known);
    return known;
  }

  private decode(token: string): { readonly header: object; readonly payload: unknown } {
    try {
      return this.jwt.verify<{ header: object; payload: unknown }>(token, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTimestamp: Math.floor(this.clock.now() / 1000),
        complete: true,
      });
    } catch (error) {
      throw new Refusal(error instanceof TokenExpiredError ? 'token-expired' : 'invalid-token');
    }
  }
}

function areClaims(payload: unknown): payload is Claims {
  if (typeof payload !== 'object' || payload === null) return false;
  const { sub, username, sid, exp } = payload as Partial<Record<keyof Claims, unknown>>;
  const areTexts = [sub, username, sid].every((text) => typeof text === 'string' && text !== '');
  return areTexts && typeof exp === 'number';
}
