import { Logger } from '@nestjs/common';
import { type ConversationKey, roomKey } from '../../src/chat/conversations/key.js';
import type { FollowerCursors } from '../../src/chat/feed/follower-cursors.js';
import { LogFollower } from '../../src/chat/feed/log-follower.js';
import type { ChatEvent } from '../../src/chat/log/event.js';
import type { EventLog } from '../../src/chat/log/event-log.js';
import { MemoryMessageBus } from '../../src/engines/memory/memory-message-bus.js';
import { HandClock } from './hand-clock.js';
import { HandStore } from './hand-store.js';

const SOMEWHERE = roomKey('a');

/** Notes what it is given; holds, and fails in, the conversations it is told to. */
export class HandHandler {
  readonly name = 'search';
  readonly got: string[] = [];
  /** Of each of these, whether it was read from the log. */
  readonly isRead: boolean[] = [];
  readonly failing = new Set<ConversationKey>();
  readonly held = new Map<ConversationKey, () => void>();
  readonly holding = new Set<ConversationKey>();
  running = 0;
  mostRunning = 0;
  signal: AbortSignal | null = null;
  batch = 200;
  concurrency = 8;
  breathMs = 50;

  async handle(events: readonly ChatEvent[], signal: AbortSignal, isRead: boolean): Promise<void> {
    this.signal = signal;
    const conversation = events[0]?.conversation ?? SOMEWHERE;
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    this.isRead.push(isRead);
    this.got.push(`${conversation.slice(5)} ${spanOf(events)}`);
    if (this.holding.has(conversation)) {
      await new Promise<void>((resolve) => this.held.set(conversation, resolve));
    }
    this.running--;
    if (this.failing.has(conversation)) throw new Error('on purpose');
  }

  letGo(conversation: ConversationKey): void {
    this.holding.delete(conversation);
    this.held.get(conversation)?.();
  }
}

class HandBus extends MemoryMessageBus {
  constructor(override readonly isLossless: boolean) {
    super();
  }
}

/** `3`, or `1-3`. Numbers without a gap, or it is not worth telling. */
function spanOf(events: readonly ChatEvent[]): string {
  const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0];
  if (last - first + 1 !== events.length) throw new Error('there is a gap');
  return first === last ? `${first}` : `${first}-${last}`;
}

/** A follower by hand-turned time, over a store and a bus in memory. It is silent. */
export class FollowerStage {
  readonly clock = new HandClock(1_790_000_000_000);
  readonly store = new HandStore();
  readonly bus: HandBus;
  readonly handler = new HandHandler();
  readonly follower: LogFollower;

  /** @param isLossless whether the bus says that it loses nothing, as on a single node */
  constructor(isLossless = true) {
    Logger.overrideLogger(false);
    this.bus = new HandBus(isLossless);
    this.follower = this.make('one', this.handler);
  }

  /** Another one of the same, as on another node. */
  make(holder: string, to: HandHandler): LogFollower {
    const { bus, clock } = this;
    const parts = {
      cursors: this.store as unknown as FollowerCursors,
      log: this.store as unknown as EventLog,
      ...{ bus, clock, scheduler: clock },
    };
    return new LogFollower(parts, to, holder);
  }

  /** Lets what is due happen, promises and all. */
  readonly soon = (): Promise<void> => this.clock.pass(5, 1);

  readonly say = async (conversation: ConversationKey, count = 1): Promise<void> => {
    await this.bus.publish(this.store.append(conversation, count));
  };

  readonly following = async (): Promise<void> => {
    this.follower.start();
    await this.soon();
  };
}
