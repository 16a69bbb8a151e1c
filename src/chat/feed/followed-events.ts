import type { Clock } from '../../kernel/clock.js';
import { Semaphore } from '../../kernel/semaphore.js';
import type { ChatEvent } from '../log/event.js';
import type { EventLog } from '../log/event-log.js';
import type { Followed } from './follower-backlog.js';
import type { FollowerCursors } from './follower-cursors.js';
import { HeardEvents } from './heard-events.js';
import { READERS } from './log-handler.js';

/** What comes next in a conversation. */
export interface Batch {
  /** The number that the events follow. */
  readonly from: number;
  /** None: the log ends there. */
  readonly events: readonly ChatEvent[];
  /** Whether they were read from the log. */
  readonly isRead: boolean;
  /** Whether there were as many as may come at a time. */
  readonly isFull: boolean;
  /** What was known of the log when they were taken from it, and when that was (monotonic ms). */
  readonly head: number;
  readonly at: number;
}

/** Where a follower gets its events: what it just heard from memory, and everything else from the log. */
export class FollowedEvents {
  private readonly heard = new HeardEvents();
  private readonly readers = new Semaphore(READERS);

  constructor(
    private readonly follower: string,
    private readonly cursors: Pick<FollowerCursors, 'position'>,
    private readonly log: Pick<EventLog, 'page'>,
    private readonly clock: Clock,
  ) {}

  /** Keeps what was stored and is told of, each conversation in order. */
  hear(events: readonly ChatEvent[]): void {
    for (const event of events) this.heard.add(event);
  }

  /**
   * Hands on what comes next in a conversation; the work counts as one of a few readers of the log until
   * it is done, unless it needs none.
   * @param signal where it is aborted nothing is read
   * @throws as the work, the cursors and the log do, by rejection
   */
  async next(
    one: Followed,
    limit: number,
    signal: AbortSignal,
    work: (batch: Batch) => Promise<void>,
  ): Promise<void> {
    const { conversation, position } = one;
    const events = position === null ? null : this.heard.hold(conversation, position, limit);
    try {
      if (position === null || events === null) {
        await this.readers.run(async () => work(await this.read(one, limit, signal)));
      } else {
        await work({
          ...this.known(one),
          from: position,
          events,
          isFull: events.length === limit,
          isRead: false,
        });
      }
    } finally {
      this.heard.letGo(conversation, one.position ?? position ?? 0);
    }
  }

  clear(): void {
    this.heard.clear();
  }

  private async read(one: Followed, limit: number, signal: AbortSignal): Promise<Batch> {
    const { conversation } = one;
    if (signal.aborted)
      return { ...this.known(one), from: 0, events: [], isFull: false, isRead: true };
    const from = one.position ?? (await this.cursors.position(this.follower, conversation));
    const known = this.known(one);
    const events = await this.log.page(conversation, { after: from, limit });
    return { ...known, from, events, isFull: events.length === limit, isRead: true };
  }

  private known({ head }: Followed): Pick<Batch, 'head' | 'at'> {
    return { head, at: this.clock.monotonic() };
  }
}
