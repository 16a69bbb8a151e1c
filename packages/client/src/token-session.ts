import type { Person } from '@parley/protocol';
import { Emitter } from './emitter.js';
import { type RestClient, RestError, type Tokens } from './rest.js';

/** Tokens as a client stores them. */
export interface KeptTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends, by this machine's clock (ms since the epoch). */
  readonly expiresAt: number;
  readonly user: Person;
}

/** Where tokens are stored between two lives of a client, and shared by the tabs of a browser. */
export interface TokenVault {
  load(): KeptTokens | null;
  save(tokens: KeptTokens): void;
  clear(): void;
}

/** A mutex over all who share a vault. */
export type Exclusively = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** The session cannot continue: its person has to log in again. */
export class SessionOver extends Error {
  override readonly name = 'SessionOver';

  /** @param code stable, from the service: `session-revoked`, `token-expired`, … */
  constructor(readonly code: string) {
    super(code);
  }
}

interface TokenEvents {
  /** There is a new access token. */
  renewed: KeptTokens;
  over: SessionOver;
}

/**
 * A token is renewed when this share of its life is left, at most {@link MARGIN_MS} before its end.
 */
const MARGIN_PART = 0.2;
const MARGIN_MS = 60_000;
const RETRY_MS = 5_000;

export function keep(tokens: Tokens, now = Date.now()): KeptTokens {
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    expiresAt: now + tokens.expires_in * 1000,
    user: tokens.user,
  };
}

/**
 * A login and its tokens: always has a valid access token, or says that the session is over.
 *
 * Only one refresh is in flight at a time, and concurrent callers share its result. An unanswered
 * refresh is retried with the same token, which the service allows as long as no successor was
 * used: so the next token is stored before it is used.
 */
export class TokenSession {
  readonly events = new Emitter<TokenEvents>();
  private refreshing: Promise<KeptTokens> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isLeaving = false;
  private lifetime: number;

  constructor(
    private readonly rest: RestClient,
    private tokens: KeptTokens,
    private readonly vault: TokenVault = NO_VAULT,
    private readonly exclusively: Exclusively = (task) => task(),
  ) {
    this.lifetime = Math.max(0, tokens.expiresAt - Date.now());
    this.plan();
  }

  get user(): Person {
    return this.tokens.user;
  }

  /** A token that is valid for a while. @throws SessionOver, RestError */
  async accessToken(): Promise<string> {
    const fresh = this.isFresh(this.tokens) ? this.tokens : await this.refresh();
    return fresh.accessToken;
  }

  /**
   * Makes a call with a valid token, and retries once with a new one where the service refused it.
   * @throws SessionOver, RestError
   */
  async authorized<Answer>(call: (accessToken: string) => Promise<Answer>): Promise<Answer> {
    this.mustNotLeave();
    const token = await this.accessToken();
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof RestError) || !error.unauthorized) throw error;
      // A call that a log-out overtook was refused for that: no token would change it.
      this.mustNotLeave();
      // Another caller may have renewed the token during the call.
      const next = this.tokens.accessToken === token ? await this.refresh() : this.tokens;
      return this.orOver(() => call(next.accessToken));
    }
  }

  /** Gets new tokens. @throws SessionOver, RestError */
  refresh(): Promise<KeptTokens> {
    this.refreshing ??= this.orOver(() => this.exclusively(() => this.exchange())).finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** Takes tokens of the same person from another tab. */
  adopt(tokens: KeptTokens): void {
    if (tokens.refreshToken === this.tokens.refreshToken) return;
    this.tokens = tokens;
    this.lifetime = Math.max(0, tokens.expiresAt - Date.now());
    this.plan();
    this.events.emit('renewed', tokens);
  }

  /**
   * Ends the session everywhere; locally even where the service cannot be reached. Its tokens are
   * used for nothing else any more, so that no call is refused because of the log-out.
   */
  async logout(): Promise<void> {
    this.isLeaving = true;
    this.stop();
    this.vault.clear();
    try {
      // Tokens in flight would still be stored, and the old ones are used up.
      await this.refreshing?.catch(() => undefined);
      const { accessToken } = this.isFresh(this.tokens) ? this.tokens : await this.refresh();
      await this.rest.logout(accessToken);
    } catch (error) {
      // A session that is over is what was wanted; an unreachable one expires by itself.
      if (!(error instanceof SessionOver) && !(error instanceof RestError)) throw error;
    } finally {
      this.stop();
      this.vault.clear();
    }
  }

  /** Schedules no further renewal. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** @throws SessionOver after a log-out */
  private mustNotLeave(): void {
    if (this.isLeaving) throw new SessionOver('session-revoked');
  }

  private async exchange(): Promise<KeptTokens> {
    const shared = this.successor();
    if (shared !== null) {
      this.adopt(shared);
      if (this.isFresh(shared)) return shared;
    }
    const next = keep(await this.bringOrAnother());
    this.vault.save(next);
    this.adopt(next);
    return next;
  }

  /** Where locks are not shared, another tab may have got a better token meanwhile. */
  private async bringOrAnother(): Promise<Tokens> {
    try {
      return await this.rest.refresh(this.tokens.refreshToken);
    } catch (error) {
      const shared = this.successor();
      const isRefused = error instanceof RestError && error.unauthorized;
      if (!isRefused || shared === null) throw error;
      return this.rest.refresh(shared.refreshToken);
    }
  }

  /** What another user of the vault got for the same person. */
  private successor(): KeptTokens | null {
    const shared = this.vault.load();
    const isSuccessor =
      shared !== null &&
      shared.user.id === this.tokens.user.id &&
      shared.refreshToken !== this.tokens.refreshToken;
    return isSuccessor ? shared : null;
  }

  private async orOver<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof RestError) || !error.unauthorized) throw error;
      const over = new SessionOver(error.code);
      this.stop();
      this.events.emit('over', over);
      throw over;
    }
  }

  private isFresh(tokens: KeptTokens): boolean {
    return tokens.expiresAt - Date.now() > this.margin() / 2;
  }

  private margin(): number {
    return Math.min(MARGIN_MS, this.lifetime * MARGIN_PART);
  }

  private plan(delay = this.tokens.expiresAt - Date.now() - this.margin()): void {
    this.stop();
    this.timer = setTimeout(() => {
      this.refresh().catch((error: unknown) => {
        if (error instanceof SessionOver) return;
        this.plan(Math.max(RETRY_MS, error instanceof RestError ? error.retryAfter : 0));
      });
    }, delay);
  }
}

const NO_VAULT: TokenVault = {
  load: () => null,
  save: () => undefined,
  clear: () => undefined,
};
