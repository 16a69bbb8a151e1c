import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AccountWatch } from '../../auth/accounts/account-watch.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import type { Room } from '../conversations/room.js';
import { RoomStore } from '../conversations/room-store.js';
import { Exits } from './exits.js';
import { RoomEvents } from './room-events.js';
import { expect, RoomWriter } from './room-writer.js';

const BATCH = 100;
/** How far back it looks for people whom a node that was killed has left over. */
const SINCE_MS = 24 * 60 * 60 * 1_000;

/**
 * Ends the memberships of accounts that have gone. Where one was the only owner of a room, whoever
 * has the highest role there, and has been there longest, inherits it.
 */
@Injectable()
export class Departures implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Departures.name);
  private running: Promise<void> | null = null;

  constructor(
    private readonly accounts: AccountWatch,
    private readonly store: RoomStore,
    private readonly writer: RoomWriter,
    private readonly exits: Exits,
    private readonly events: RoomEvents,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.accounts.onGone(() => {
      this.start();
    });
    this.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.running;
  }

  /** Takes everybody out of all rooms whose account has gone. */
  async sweep(): Promise<void> {
    const since = this.clock.now() - SINCE_MS;
    for (;;) {
      const people = await this.store.goneMembers(since, BATCH);
      for (const person of people) await this.takeOut(person);
      if (people.length < BATCH) return;
    }
  }

  /** Ends all memberships of one person, and hands on what the person alone owns. */
  async takeOut(person: Person): Promise<void> {
    for (const { roomId } of await this.store.roomsOf([person.id])) {
      await this.writer.decide(
        () => this.roomOf(roomId),
        async ({ room }) => {
          const membership = await this.store.membership(roomId, person.id);
          if (membership?.left !== null) return;
          const left = membership.role === 'owner' ? await this.handOn(room, person) : room;
          await this.exits.exit({ room: left, person, how: 'self', by: null });
        },
      );
    }
  }

  private start(): void {
    this.running = (this.running ?? Promise.resolve())
      .then(() => this.sweep())
      .catch((error: unknown) => {
        this.logger.warn({ event: 'departures-not-swept', error });
      });
  }

  /** @returns the room as it is afterwards */
  private async handOn(room: Room, from: Person): Promise<Room> {
    const heir = await this.store.successor(room.id, from.id);
    if (heir === null || heir.role === 'owner') return room;
    const change = {
      op: 'set-role',
      room: room.id,
      person: heir.person.id,
      role: 'owner',
    } as const;
    const happening = { room, who: from, changes: [expect(room), change] };
    await this.writer.write(this.events.member(happening, heir.person, 'owner'));
    return { ...room, version: room.version + 1 };
  }

  private async roomOf(roomId: string): Promise<{ readonly room: Room }> {
    const room = (await this.store.byIds([roomId])).get(roomId);
    if (room === undefined) throw new Error('a membership without its room');
    return { room };
  }
}
