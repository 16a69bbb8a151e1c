import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RoomStore } from '../../chat/conversations/room-store.js';
import { LiveFeed } from '../../chat/feed/live-feed.js';
import { RoundRobin } from '../../chat/feed/round-robin.js';
import { RoomsOfPeople } from '../../chat/rooms/rooms-of-people.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { Memberships } from './memberships.js';

const LOOK_EVERY_MS = 2_000;
/** People per query. */
const CHUNK = 500;

/**
 * Finds comings and goings that the bus lost, where it may lose any: asks the store, for 500 people
 * at a time, whether the rooms of those who are here are as this node knows them.
 */
@Injectable()
export class MembershipSweep implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(MembershipSweep.name);
  private readonly people: RoundRobin<string>;
  /** People whose rooms differed at the last look, with the version in the store. */
  private readonly differing = new Map<string, number>();
  private timer: Timer | null = null;
  private endOfFollowing: (() => void) | null = null;
  private isStopped = false;

  constructor(
    private readonly feed: LiveFeed,
    private readonly memberships: Memberships,
    private readonly rooms: RoomsOfPeople,
    private readonly store: RoomStore,
    private readonly scheduler: Scheduler,
  ) {
    this.people = new RoundRobin(() => memberships.known.keys());
  }

  onModuleInit(): void {
    if (!this.feed.mayLag) return;
    this.endOfFollowing = this.feed.onFollowed((personId) => {
      this.check(personId).catch(this.report);
    });
    this.schedule();
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    this.endOfFollowing?.();
    this.scheduler.cancel(this.timer);
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = this.scheduler.after(LOOK_EVERY_MS, () => {
      void this.look()
        .catch(this.report)
        .finally(() => {
          this.schedule();
        });
    });
  }

  private async look(): Promise<void> {
    for (const id of this.differing.keys()) {
      if (!this.memberships.known.has(id)) this.differing.delete(id);
    }
    const people = this.people.next(new Set(), CHUNK);
    if (people.length === 0) return;
    const versions = await this.store.versionsOf(people);
    const moved = people.filter((id) => this.hasSettled(id, versions.get(id) ?? 0));
    await Promise.all(moved.map((id) => this.memberships.reload(id)));
  }

  /**
   * Whether the person's rooms differ, and are as they were at the look before: what the bus still
   * brings comes in its order, and must not be overtaken by what the store says already.
   */
  private hasSettled(personId: string, version: number): boolean {
    const isSecond = this.differing.get(personId) === version;
    if (isSecond || !this.differs(personId, version)) {
      this.differing.delete(personId);
      return isSecond && this.differs(personId, version);
    }
    this.differing.set(personId, version);
    return false;
  }

  /** Before the node heard of the person, the person may have come into rooms on other nodes. */
  private async check(personId: string): Promise<void> {
    const version = await this.rooms.versionOf(personId);
    if (this.differs(personId, version)) await this.memberships.reload(personId);
  }

  private differs(personId: string, version: number): boolean {
    const known = this.memberships.known.get(personId);
    return known !== undefined && known !== version;
  }

  private readonly report = (error: unknown): void => {
    this.logger.warn({ event: 'memberships-unknown', error });
  };
}
