import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Clock } from '../kernel/clock.js';
import { PresenceService } from '../presence/presence.service.js';
import { FrameType, type GroupListFrame } from './frames.js';

/** A list in a frame holds so many people at most; all of them are paged over HTTP. */
const MOST_LISTED = 1_000;
/** In a large room a list may be so old. */
const STALE_AFTER_MS = 1_000;

/** The list of who is here, as it goes into frames; in a large room made once a second at most. */
@Injectable()
export class Roster {
  private readonly smallRoom: number;
  private cached: Promise<GroupListFrame> | null = null;
  private cachedAt = Number.NEGATIVE_INFINITY;
  private total = 0;

  constructor(
    private readonly presence: PresenceService,
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.smallRoom = settings.presenceListMax;
  }

  async current(): Promise<GroupListFrame> {
    const now = this.clock.monotonic();
    if (this.cached && this.total > this.smallRoom && now - this.cachedAt < STALE_AFTER_MS) {
      return this.cached;
    }
    this.cachedAt = now;
    this.cached = this.make();
    return this.cached;
  }

  private async make(): Promise<GroupListFrame> {
    const { items, total } = await this.presence.list(MOST_LISTED);
    this.total = total;
    const data = items.map(({ id, username, connections }) => ({ id, username, connections }));
    return { type: FrameType.GroupList, user: null, data, total };
  }
}
