import { Inject, Injectable } from '@nestjs/common';
import { FrameType } from '@parley/protocol';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import { RoomStore } from '../../chat/conversations/room-store.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { PresenceService } from '../../presence/presence.service.js';
import type { Present } from '../../presence/presence-store.js';
import type { PeopleFrame } from '../wire/frames.js';

/** Members per query. */
const PAGE = 1_000;
/** How old a list may be, for each thousand members that had to be looked at. */
const STALE_AFTER_MS = 1_000;
/** Rooms whose list is kept; beyond them the oldest is made anew. */
const MOST_KEPT = 1_000;

interface Kept {
  readonly frame: Promise<PeopleFrame>;
  /** Monotonic milliseconds; infinite while it is being made. */
  until: number;
}

/**
 * Which of a room's members are here: a list, or where too many are, their number alone. It is made
 * at most once a second, however many ask; in a large room less often, by as much as it costs.
 */
@Injectable()
export class RoomPeople {
  private readonly most: number;
  private readonly kept = new Map<ConversationKey, Kept>();

  constructor(
    private readonly store: RoomStore,
    private readonly presence: PresenceService,
    private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.most = settings.presenceListMax;
  }

  /** @param name that the room has. @throws Refusal where the store cannot answer, by rejection */
  current(key: ConversationKey, name: string): Promise<PeopleFrame> {
    const known = this.kept.get(key);
    if (known !== undefined && this.clock.monotonic() < known.until) return known.frame;
    const made: Kept = { frame: this.make(key, name), until: Number.POSITIVE_INFINITY };
    this.keep(key, made);
    return made.frame;
  }

  private async make(key: ConversationKey, room: string): Promise<PeopleFrame> {
    const parsed = parseKey(key);
    const here: Present[] = [];
    let total = 0;
    let pages = 0;
    try {
      for await (const ids of this.membersOf(parsed.kind === 'room' ? parsed.roomId : '')) {
        pages++;
        const present = await this.presence.among(ids);
        total += present.length;
        if (total <= this.most) here.push(...present);
      }
    } finally {
      this.age(key, pages);
    }
    const listed = total > this.most ? [] : here;
    const data = listed.map(({ id, username, connections }) => ({ id, username, connections }));
    return { type: FrameType.GroupList, user: null, room, data, total };
  }

  private async *membersOf(roomId: string): AsyncGenerator<readonly string[]> {
    let after: string | undefined;
    for (;;) {
      const page = await this.store.members(roomId, PAGE, after);
      const ids = page.map(({ person }) => person.id);
      if (ids.length > 0) yield ids;
      if (page.length < PAGE) return;
      after = ids.at(-1);
    }
  }

  private keep(key: ConversationKey, made: Kept): void {
    this.kept.delete(key);
    this.kept.set(key, made);
    made.frame.catch(() => {
      if (this.kept.get(key) === made) this.kept.delete(key);
    });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  private age(key: ConversationKey, pages: number): void {
    const kept = this.kept.get(key);
    if (kept === undefined) return;
    kept.until = this.clock.monotonic() + STALE_AFTER_MS * Math.max(1, pages);
  }
}
