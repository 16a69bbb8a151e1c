import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { personTopic } from '../../chat/conversations/key.js';
import { RoomNews } from '../../chat/rooms/room-news.js';
import { Clock } from '../../kernel/clock.js';
import { SignalBus } from '../../presence/signal-bus.js';
import { Memberships } from './memberships.js';

const KIND = 'room-moved';

/**
 * Hears of those who come into large rooms or go from them, of which no event tells: every node to
 * which they are connected asks the store. What is lost on the way is found by the sweep.
 */
@Injectable()
export class UntoldMoves implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(UntoldMoves.name);
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly news: RoomNews,
    private readonly signals: SignalBus,
    private readonly memberships: Memberships,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.ends.push(
      this.news.onMoved((person) => {
        const signal = { kind: KIND, person, time: this.clock.now(), details: {} };
        this.signals.publish(personTopic(person.id), signal);
      }),
      this.signals.subscribe((topic, { kind, person }) => {
        if (kind === KIND && topic === personTopic(person.id)) this.ask(person.id);
      }),
    );
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
  }

  private ask(personId: string): void {
    this.memberships.reload(personId).catch((error: unknown) => {
      this.logger.warn({ event: 'memberships-unknown', error });
    });
  }
}
