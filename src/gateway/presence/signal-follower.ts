import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type ConversationKey, personTopic } from '../../chat/conversations/key.js';
import { SignalBus, type SignalTopic } from '../../presence/signal-bus.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { RoomChannels } from '../delivery/room-channels.js';

/** Has the signals brought that are for the rooms and the people of this node, and no others. */
@Injectable()
export class SignalFollower implements OnModuleInit {
  private readonly logger = new Logger(SignalFollower.name);

  constructor(
    private readonly signals: SignalBus,
    private readonly rooms: RoomChannels,
    private readonly registry: ConnectionRegistry,
  ) {}

  onModuleInit(): void {
    this.rooms.watch(this);
    this.registry.watchPeople(this);
  }

  openRoom(key: ConversationKey): void {
    this.begin(key);
  }

  closeRoom(key: ConversationKey): void {
    this.signals.unfollow(key);
  }

  follow(personId: string): void {
    this.begin(personTopic(personId));
  }

  unfollow(personId: string): void {
    this.signals.unfollow(personTopic(personId));
  }

  private begin(topic: SignalTopic): void {
    this.signals.follow(topic).catch((error: unknown) => {
      this.logger.error({ event: 'signals-not-followed', error });
    });
  }
}
