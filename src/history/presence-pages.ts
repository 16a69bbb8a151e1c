import { Injectable } from '@nestjs/common';
import { PresenceService } from '../presence/presence.service.js';
import type { ListRequest } from './query.js';

/** Pages that are kept; beyond them all are made anew. */
const MOST_PAGES = 100;

/**
 * The pages of who is here, as JSON. Each is made once per change, however many ask for it; where
 * other nodes change it, too, once for all who ask while it is being made.
 */
@Injectable()
export class PresencePages {
  private readonly pages = new Map<string, Promise<string>>();
  /** Counts changes of presence, as of when the first of the pages was made. */
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
