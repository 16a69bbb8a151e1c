import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { FrameType } from '@parley/protocol';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { noticeText } from '../../kernel/locale/texts.js';
import { TokenBuckets } from '../../kernel/limits/token-buckets.js';
import { PresenceService } from '../../presence/presence.service.js';
import type { PresenceChange } from '../../presence/presence-store.js';
import { Hub } from '../delivery/hub.js';
import { PeopleList } from './people-list.js';

const LIST_EVERY_MS = 1_000;
/** Notices per second in a large room, so that an arrival's cost is independent of its size. */
const NOTICES_PER_SECOND = 20;
/** Not urgent: many arrivals share one write per member. */
const SMALL_ROOM_DELAY_MS = 100;
const LARGE_ROOM_DELAY_MS = 1_000;
/** Per person, for one write to each: presence alone writes at most a thousand times a second. */
const LARGE_ROOM_DELAY_MS_EACH = 1;
const LONGEST_DELAY_MS = 5_000;

/**
 * Announces who comes and goes. While few are here, the whole list follows every change, at most
 * once a second; a large room gets neither the list nor more notices than a person could read.
 */
@Injectable()
export class PresenceAnnouncer implements OnModuleInit, OnApplicationShutdown {
  /** Arrivals and departures that a large room was not told of. */
  untold = 0;
  private readonly logger = new Logger(PresenceAnnouncer.name);
  private readonly notices: TokenBuckets;
  private unsubscribe: (() => void) | null = null;
  private timer: Timer | null = null;
  private lastList = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly presence: PresenceService,
    private readonly people: PeopleList,
    private readonly hub: Hub,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.notices = new TokenBuckets(clock, NOTICES_PER_SECOND, NOTICES_PER_SECOND);
  }

  onModuleInit(): void {
    // Who comes and goes is told to the lobby.
    if (!this.settings.lobby) return;
    this.unsubscribe = this.presence.onChange((change) => {
      this.tell(change).catch((error: unknown) => {
        this.logger.error({ event: 'presence-not-told', error });
      });
    });
  }

  onApplicationShutdown(): void {
    this.unsubscribe?.();
    this.scheduler.cancel(this.timer);
  }

  private async tell({ kind, person, time }: PresenceChange): Promise<void> {
    const count = await this.presence.count();
    const small = count <= this.settings.presenceListMax;
    if (!small && this.notices.take('room') > 0) {
      this.untold++;
      return;
    }
    const entered = kind === 'enter';
    this.hub.announce(
      {
        type: entered ? FrameType.Enter : FrameType.Leave,
        user: { id: person.id, username: person.username },
        data: noticeText(this.settings.locale, entered ? 'entered' : 'left', person.username),
        time,
      },
      small ? SMALL_ROOM_DELAY_MS : largeRoomDelay(count),
    );
    if (small) this.scheduleList();
  }

  private scheduleList(): void {
    if (this.timer !== null) return;
    const wait = Math.max(0, LIST_EVERY_MS - (this.clock.monotonic() - this.lastList));
    this.timer = this.scheduler.after(wait, () => {
      this.timer = null;
      this.lastList = this.clock.monotonic();
      this.pushList().catch((error: unknown) => {
        this.logger.error({ event: 'list-not-told', error });
      });
    });
  }

  private async pushList(): Promise<void> {
    const { frame, encoded } = await this.people.current();
    if (frame.total <= this.settings.presenceListMax) this.hub.tell(encoded, SMALL_ROOM_DELAY_MS);
  }
}

/** In milliseconds. A message to the room takes waiting notices along. */
function largeRoomDelay(people: number): number {
  const delay = people * LARGE_ROOM_DELAY_MS_EACH;
  return Math.min(Math.max(LARGE_ROOM_DELAY_MS, delay), LONGEST_DELAY_MS);
}
