import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { FrameType } from '@parley/protocol';
import { type ConversationKey, keyFrom } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import { PresenceService } from '../../presence/presence.service.js';
import { type Signal, SignalBus } from '../../presence/signal-bus.js';
import { Hub } from '../delivery/hub.js';
import { EncodedFrame } from '../wire/encoded-frame.js';

const KIND = 'read-room';
const TELL_EVERY_MS = 1_000;
/** A message on its way to the room takes them along. */
const WITHIN_MS = 100;

/**
 * Tells small rooms who has read up to where: one frame per room and second, with whatever that
 * second brought. Where more than `RECEIPTS_MAX` are members, or present in the lobby, nothing is
 * told, and no other node hears of it.
 */
@Injectable()
export class RoomReceipts implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RoomReceipts.name);
  private readonly most: number;
  private gathered = new Map<ConversationKey, Map<string, number>>();
  /** Whether few are here, and so in the lobby. */
  private isLobbySmall = true;
  private timer: Timer | null = null;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly signals: SignalBus,
    private readonly presence: PresenceService,
    private readonly hub: Hub,
    private readonly book: RoomBook,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.most = settings.receiptsMax;
  }

  onModuleInit(): void {
    this.unsubscribe = this.signals.subscribe((topic, signal) => {
      if (signal.kind === KIND) this.hear(topic, signal);
    });
  }

  onApplicationShutdown(): void {
    this.unsubscribe?.();
    this.scheduler.cancel(this.timer);
  }

  /** Somebody has read a room up to that number. */
  publish(person: Person, room: ConversationKey, seq: number): void {
    if (this.most === 0) return;
    if (this.isSmall(room)) {
      const time = this.clock.now();
      this.signals.publish(room, { kind: KIND, person, time, details: { seq } });
    }
    // Also while the lobby is large: whether it still is, is found out once a second.
    if (room === LOBBY_KEY) this.schedule();
  }

  private hear(topic: string, { person, details }: Signal): void {
    const room = keyFrom(topic);
    const { seq } = details;
    if (room === null || typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) return;
    const readers = this.gathered.get(room) ?? new Map<string, number>();
    // More than a small room has: then it is none, and the next look says so.
    if (readers.size > this.most && !readers.has(person.id)) return;
    readers.set(person.id, Math.max(seq, readers.get(person.id) ?? 0));
    this.gathered.set(room, readers);
    this.schedule();
  }

  /** By its members, where this node knows them; in the lobby is whoever is here. */
  private isSmall(key: ConversationKey): boolean {
    if (key === LOBBY_KEY) return this.isLobbySmall;
    const room = this.book.room(key);
    return room !== null && room.members <= this.most;
  }

  private schedule(): void {
    this.timer ??= this.scheduler.after(TELL_EVERY_MS, () => {
      this.timer = null;
      this.tell().catch((error: unknown) => {
        this.logger.error({ event: 'receipts-not-told', error });
      });
    });
  }

  private async tell(): Promise<void> {
    const { gathered } = this;
    this.gathered = new Map();
    this.isLobbySmall = (await this.presence.count()) <= this.most;
    for (const [key, readers] of gathered) {
      if (!this.isSmall(key) || readers.size > this.most) continue;
      const room = this.book.nameOf(key);
      const data = Object.fromEntries(readers);
      const frame = new EncodedFrame({ type: FrameType.Read, room, data });
      this.hub.tellRoom(key, frame, WITHIN_MS);
    }
  }
}
