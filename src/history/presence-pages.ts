import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { PresenceService } from '../presence/presence.service.js';
import type { ListRequest } from './query.js';

/** What other nodes changed may be unknown for so long. */
const STALE_AFTER_MS = 1_000;
/** Pages that are kept; beyond them all are made anew. */
const MOST_PAGES = 100;

/** The pages of who is here, as JSON: each made once per change, however many ask for it. */
@Injectable()
export class PresencePages {
  private readonly pages = new Map<string, Promise<string>>();
  private madeSince = Number.NEGATIVE_INFINITY;
  /** Counts changes of presence, as of when the first of the pages was made. */
  private madeAt = -1;

  constructor(
    private readonly presence: PresenceService,
    private readonly clock: Clock,
  ) {}

  page({ limit, after }: ListRequest): Promise<string> {
    this.forgetIfOld();
    const key = `${limit} ${after ?? ''}`;
    const known = this.pages.get(key);
    if (known !== undefined) return known;
    const page = this.presence.list(limit, after).then((one) => JSON.stringify(one));
    this.pages.set(key, page);
    page.catch(() => {
      if (this.pages.get(key) === page) this.pages.delete(key);
    });
    return page;
  }

  private forgetIfOld(): void {
    const now = this.clock.monotonic();
    const isSame = this.madeAt === this.presence.changes && now - this.madeSince < STALE_AFTER_MS;
    if (isSame && this.pages.size < MOST_PAGES) return;
    this.pages.clear();
    this.madeAt = this.presence.changes;
    this.madeSince = now;
  }
}
