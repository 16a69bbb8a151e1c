import { Logger } from '@nestjs/common';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { isMove, type LiveEvent } from '../../chat/log/event.js';
import { type LossObserver, MessageBus, topicsOfEvent } from '../../chat/log/message-bus.js';
import { type Topic, topicsOf } from '../../chat/conversations/key.js';
import type { Distribution } from '../../kernel/metrics/distribution.js';
import type { Labelled } from '../../kernel/metrics/tally.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import { decode, encodeBatch, encodeHeads, encodeLost } from './bus-frame.js';
import { HeadAnnouncements } from './head-announcements.js';
import type { Publication, RedisLink } from './redis-link.js';

const ANNOUNCE_EVERY_MS = 1_000;

type Handler = (batch: readonly LiveEvent[]) => void;

/**
 * One publication per batch and topic, however many members. Subscribers on this node get a batch
 * within the process, before it goes to Redis and whether or not it arrives there.
 */
export class RedisMessageBus extends MessageBus {
  override readonly isLossless = false;
  private readonly logger = new Logger(RedisMessageBus.name);
  private readonly handlers = new Set<{ readonly handle: Handler }>();
  private readonly observers = new Set<LossObserver>();
  private readonly queue: (readonly LiveEvent[])[] = [];
  private readonly quiet = new HeadAnnouncements();
  private delivering = false;
  /** Something was stored and not published. */
  private owesWord = false;
  private timer: Timer | null = null;
  private endOfChanges: (() => void) | null = null;

  constructor(
    private readonly link: RedisLink,
    private readonly scheduler: Scheduler,
  ) {
    super();
  }

  override get isUp(): boolean {
    return this.link.isUp;
  }

  override get lags(): Distribution {
    return this.link.lags;
  }

  override get refused(): Labelled {
    return this.link.refused;
  }

  async start(): Promise<void> {
    this.endOfChanges = this.link.onChange((isUp) => {
      if (isUp) this.comeBack();
      else this.breakOff();
    });
    this.timer = this.scheduler.every(ANNOUNCE_EVERY_MS, () => {
      this.announceQuiet();
    });
    await this.link.hearNodes(this.link.name('nodes'), (said) => {
      this.hear(null, said);
    });
  }

  stop(): void {
    this.scheduler.cancel(this.timer);
    this.endOfChanges?.();
  }

  override publish(batch: readonly LiveEvent[]): Promise<void> {
    this.handOver(batch);
    if (!this.link.isUp) this.owesWord = true;
    else for (const [topics, events] of byTopic(batch)) this.send(topics, events);
    return Promise.resolve();
  }

  override subscribe(handler: Handler): () => void {
    const subscription = { handle: handler };
    this.handlers.add(subscription);
    return () => {
      this.handlers.delete(subscription);
    };
  }

  override follow(topic: Topic): Promise<void> {
    return this.link.hearNodes(this.channelOf(topic), (said) => {
      this.hear(topic, said);
    });
  }

  override unfollow(topic: Topic): void {
    this.link.unsubscribe(this.channelOf(topic));
  }

  override observe(observer: LossObserver): () => void {
    this.observers.add(observer);
    return () => {
      this.observers.delete(observer);
    };
  }

  private channelOf(topic: Topic): string {
    return this.link.name('bus', topic);
  }

  private send(topics: readonly Topic[], events: readonly LiveEvent[]): void {
    const frames = encodeBatch(events);
    for (const topic of topics) {
      for (const frame of frames) {
        if (!this.link.tellNodes(this.channelOf(topic), frame)) this.owesWord = true;
      }
      for (const { conversation, seq } of events) {
        // Whoever hears of a move only need not follow the room.
        if (topicsOf(conversation).includes(topic)) this.quiet.note(topic, conversation, seq);
      }
    }
  }

  /** What is unreadable or forged may hide a batch: the store is checked. */
  private hear(topic: Topic | null, { body }: Publication): void {
    const frame = body === null ? null : decode(body, topic);
    if (frame?.kind === 'batch') {
      this.handOver(frame.events);
    } else if (frame?.kind === 'heads') {
      for (const head of frame.heads) this.announce(head);
    } else {
      if (body !== null && frame === null) this.link.refused.count('malformed');
      if (frame?.kind === 'other-version') this.link.refused.count('version');
      this.doubt(frame?.kind === 'lost' ? null : topic);
    }
  }

  /** @param topic in which something may be missing; null: any */
  private doubt(topic: Topic | null): void {
    for (const observer of this.observers) {
      this.call(() => {
        observer.lost(topic);
      });
    }
  }

  private announce([conversation, seq]: readonly [ConversationKey, number]): void {
    for (const observer of this.observers) {
      this.call(() => {
        observer.reached(conversation, seq);
      });
    }
  }

  /** A handler that publishes must not overtake a batch that others have yet to receive. */
  private handOver(batch: readonly LiveEvent[]): void {
    this.queue.push(batch);
    if (this.delivering) return;
    this.delivering = true;
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      for (const { handle } of this.handlers) {
        this.call(() => {
          handle(next);
        });
      }
    }
    this.delivering = false;
  }

  private call(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.logger.error({ event: 'subscriber-failed', error });
    }
  }

  private announceQuiet(): void {
    for (const [topic, heads] of this.quiet.turn()) {
      this.link.tellNodes(this.channelOf(topic), encodeHeads(heads));
    }
    this.payWord();
  }

  private comeBack(): void {
    this.doubt(null);
    this.payWord();
  }

  /** What was in flight may be lost, in either direction. */
  private breakOff(): void {
    this.owesWord = true;
    this.doubt(null);
  }

  private payWord(): void {
    if (!this.owesWord) return;
    this.owesWord = !this.link.tellNodes(this.link.name('nodes'), encodeLost());
  }
}

/** A batch of one conversation goes to its topics whole; of others each topic gets its part. */
function byTopic(
  batch: readonly LiveEvent[],
): readonly (readonly [readonly Topic[], readonly LiveEvent[]])[] {
  const [first] = batch;
  if (first === undefined) return [];
  const isOfOne = ({ conversation }: LiveEvent): boolean => conversation === first.conversation;
  if (batch.every(isOfOne) && !batch.some(isMove)) {
    return [[topicsOf(first.conversation), batch]];
  }
  const parts = new Map<Topic, LiveEvent[]>();
  for (const event of batch) {
    for (const topic of topicsOfEvent(event)) {
      const part = parts.get(topic);
      if (part === undefined) parts.set(topic, [event]);
      else part.push(event);
    }
  }
  return [...parts].map(([topic, events]) => [[topic], events]);
}
