import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AllowedOrigins } from '../../config/allowed-origins.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { ClientView, type View } from '../../http/client-view.js';
import { Clock } from '../../kernel/clock.js';
import { Refusal } from '../../kernel/refusal.js';

/** Minimum time between two log lines: foreign pages come in bursts. */
const QUIET_MS = 10_000;
const MOST_OF_ORIGIN = 200;

type Own = Pick<View, 'host' | 'scheme'>;

/**
 * Whether a page may connect: the service's own, or one of the allowed origins. No Origin means no
 * browser, and only browsers need protection from foreign pages.
 */
@Injectable()
export class OriginPolicy {
  private readonly logger = new Logger('Origin');
  private readonly allowed: AllowedOrigins;
  /** Cached for the latest request: nearly everybody asks for the same host. */
  private latest: { readonly own: Own; readonly origins: readonly string[] } | null = null;
  private lastLineAt = Number.NEGATIVE_INFINITY;
  private untold = 0;

  constructor(
    private readonly views: ClientView,
    private readonly clock: Clock,
    @Inject(SETTINGS) { allowedOrigins }: Settings,
  ) {
    this.allowed = new AllowedOrigins(allowedOrigins);
  }

  /** @throws Refusal `foreign-origin` */
  check(request: IncomingMessage): void {
    const { origin } = request.headers;
    if (origin === undefined || this.allowed.has(origin)) return;
    const own = this.own(this.views.of(request));
    if (own.includes(origin)) return;
    this.tell(origin, own);
    throw new Refusal('foreign-origin');
  }

  private own(view: View): readonly string[] {
    if (this.latest?.own.host === view.host && this.latest.own.scheme === view.scheme) {
      return this.latest.origins;
    }
    const origins = originsOf(view);
    this.latest = { own: view, origins };
    return origins;
  }

  /** Logs both sides of the comparison, so that a proxy that hides the host or port is found. */
  private tell(origin: string, own: readonly string[]): void {
    const now = this.clock.monotonic();
    if (now - this.lastLineAt < QUIET_MS) {
      this.untold++;
      return;
    }
    this.logger.warn({
      event: 'origin-refused',
      origin: origin.slice(0, MOST_OF_ORIGIN),
      own,
      allowed: this.allowed.size,
      untold: this.untold,
    });
    this.lastLineAt = now;
    this.untold = 0;
  }
}

/**
 * The origins of the service's own page, as browsers write them. Unless https is certain both
 * schemes count, even where a proxy says http: one behind another that terminates TLS often does,
 * and a page over https could not reach a service over http. The port counts as the client gave it.
 */
function originsOf({ host, scheme }: Own): readonly string[] {
  if (host === null) return [];
  const schemes = scheme === 'https' ? ['https'] : ['https', 'http'];
  return schemes.map((one) => new URL(`${one}://${host}`).origin);
}
