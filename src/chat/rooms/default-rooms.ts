import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AccountWatch } from '../../auth/accounts/account-watch.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { RoomStore } from '../conversations/room-store.js';
import { MembershipService } from './membership.service.js';
import { RoomEvents } from './room-events.js';
import { parseRoomName } from './room-name.js';

/** Who makes the rooms that nobody has made. */
const NOBODY = '';

/**
 * Lets every new account into the rooms of `DEFAULT_ROOMS`. One that is not there is made, public and
 * without an owner, when the first newcomer comes.
 */
@Injectable()
export class DefaultRooms implements OnModuleInit {
  constructor(
    private readonly accounts: AccountWatch,
    private readonly members: MembershipService,
    private readonly store: RoomStore,
    private readonly events: RoomEvents,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    if (this.settings.defaultRooms.length === 0) return;
    this.accounts.onCreated((person) => this.welcome(person));
  }

  private async welcome(person: Person): Promise<void> {
    for (const name of this.settings.defaultRooms) {
      await this.makeIfMissing(name);
      await this.members.join(person, name);
    }
  }

  private async makeIfMissing(text: string): Promise<void> {
    const name = parseRoomName(text);
    const time = this.clock.now();
    if ((await this.store.nameHolder(name, time)) !== null) return;
    // Where another node makes it at the same time, one of them does.
    await this.store.change([
      {
        ...{ op: 'make', room: this.events.nextId(), name, title: null, topic: null },
        ...{ kind: 'public', history: 'all', rights: {}, by: NOBODY, ref: null, time },
      },
    ]);
  }
}
