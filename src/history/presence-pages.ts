import { Injectable } from '@nestjs/common';
import { PresenceService } from '../presence/presence.service.js';
import type { ListRequest } from './query.js';

/** Pages cached; beyond this the cache is cleared. */
const MOST_PAGES = 100;

/**
 * The people who are here, as cached pages of JSON: each is rendered once per change. Where other
 * nodes change it, too, a page is shared only by those who ask while it is being rendered.
 */
@Injectable()
export class PresencePages {
  private readonly pages = new Map<string, Promise<string>>();
  /** The number of changes to presence when the cached pages were made. */
  private madeAt = -1;

  constructor(private readonly presence: PresenceService) {}

  page({ limit, after }: ListRequest): Promise<string> {
    this.forgetIfOld();
    const key = `${limit} ${after ?? ''}`;
    const known = this.pages.get(key);
    if (known !== undefined) return known;
    const page = this.presence.list(limit, after).then((one) => JSON.stringify(one));
    this.pages.set(key, page);
    const forget = (): void => {
      if (this.pages.get(key) === page) this.pages.delete(key);
    };
    page.then(() => {
      if (this.presence.isShared) forget();
    }, forget);
    return page;
  }

  private forgetIfOld(): void {
    const { changes } = this.presence;
    if (this.madeAt === changes && this.pages.size < MOST_PAGES) return;
    this.pages.clear();
    this.madeAt = changes;
  }
}
