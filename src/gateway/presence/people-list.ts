import { Inject, Injectable } from '@nestjs/common';
import { FrameType } from '@parley/protocol';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { PresenceService } from '../../presence/presence.service.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import type { PeopleFrame } from '../wire/frames.js';

/** Most people in a frame's list; HTTP pages through all of them. */
const MOST_LISTED = 1_000;
/** How old a list may be: in a large room always, else where other nodes may have changed it. */
const STALE_AFTER_MS = 1_000;

/** The people who are here, encoded for many. */
export interface EncodedPeopleList {
  readonly frame: PeopleFrame;
  /** The same, encoded once per format. */
  readonly encoded: EncodedFrame;
}

/**
 * The list of people here, as cached frames: made once per change, and in a large room at most once
 * a second, however many ask for it.
 */
@Injectable()
export class PeopleList {
  private readonly smallRoom: number;
  private cached: Promise<EncodedPeopleList> | null = null;
  private cachedAt = Number.NEGATIVE_INFINITY;
  /** The number of changes to presence when the list was made. */
  private madeAt = -1;
  private total = 0;

  constructor(
    private readonly presence: PresenceService,
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.smallRoom = settings.presenceListMax;
  }

  current(): Promise<EncodedPeopleList> {
    const now = this.clock.monotonic();
    const isSame = this.madeAt === this.presence.changes || this.total > this.smallRoom;
    if (this.cached !== null && isSame && now - this.cachedAt < STALE_AFTER_MS) return this.cached;
    this.cachedAt = now;
    this.madeAt = this.presence.changes;
    const made = this.make();
    this.cached = made;
    made.catch(() => {
      if (this.cached === made) this.cached = null;
    });
    return made;
  }

  private async make(): Promise<EncodedPeopleList> {
    const { items, total } = await this.presence.list(MOST_LISTED);
    this.total = total;
    const data = items.map(({ id, username, connections }) => ({ id, username, connections }));
    const frame: PeopleFrame = { type: FrameType.GroupList, user: null, data, total };
    return { frame, encoded: new EncodedFrame(frame) };
  }
}
