import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FrameType } from '@parley/protocol';
import { type ConversationKey, keyFrom } from '../../chat/conversations/key.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { RoomNews } from '../../chat/rooms/room-news.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { SignalBus } from '../../presence/signal-bus.js';
import { Hub } from '../delivery/hub.js';
import { EncodedFrame } from '../wire/encoded-frame.js';

const KIND = 'room-count';
const TELL_EVERY_MS = 1_000;
/** A message on its way to the room takes it along. */
const WITHIN_MS = 100;

/**
 * Tells large rooms, in which no event tells who comes and goes, how many are in them: at most once a
 * second.
 */
@Injectable()
export class RoomCounts implements OnModuleInit, OnApplicationShutdown {
  private readonly ends: (() => void)[] = [];
  private gathered = new Map<ConversationKey, number>();
  private timer: Timer | null = null;

  constructor(
    private readonly news: RoomNews,
    private readonly signals: SignalBus,
    private readonly hub: Hub,
    private readonly book: RoomBook,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  onModuleInit(): void {
    this.ends.push(
      this.news.onMoved((person, { key, members }) => {
        const details = { members };
        this.signals.publish(key, { kind: KIND, person, time: this.clock.now(), details });
      }),
      this.signals.subscribe((topic, { kind, details }) => {
        if (kind === KIND) this.hear(topic, details['members']);
      }),
    );
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
    this.scheduler.cancel(this.timer);
  }

  /** Only of rooms that this node follows is anybody told. */
  private hear(topic: string, members: unknown): void {
    const key = keyFrom(topic);
    const room = key === null ? null : this.book.room(key);
    if (room === null || !Number.isSafeInteger(members) || (members as number) < 0) return;
    this.book.learn({ ...room, members: members as number });
    this.gathered.set(room.key, members as number);
    this.timer ??= this.scheduler.after(TELL_EVERY_MS, () => {
      this.timer = null;
      this.tell();
    });
  }

  private tell(): void {
    const { gathered } = this;
    this.gathered = new Map();
    for (const [key, members] of gathered) {
      const room = this.book.nameOf(key);
      const frame = new EncodedFrame({ type: FrameType.Room, room, data: { members } });
      this.hub.tellRoom(key, frame, WITHIN_MS);
    }
  }
}
