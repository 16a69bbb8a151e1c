import type { Clock } from '../../kernel/clock.js';
import { TokenBuckets } from '../../kernel/limits/token-buckets.js';
import { Listeners } from '../../kernel/listeners.js';
import {
  type Signal,
  SignalBus,
  type SignalHandler,
  type SignalTopic,
} from '../../presence/signal-bus.js';
import type { Publication, RedisLink } from './redis-link.js';
import { decodeSignal, encodeSignal, MOST_FRAME } from './signal-frame.js';

/** Signals per second that this node sends, and accepts: messages share the link with them. */
const TOLD_PER_SECOND = 2_000;
const HEARD_PER_SECOND = 5_000;

/**
 * One publication per signal. Subscribers on this node hear it within the process, whether or not
 * it goes to Redis. What is too long, or over the rate limit, stays on this node.
 */
export class RedisSignalBus extends SignalBus {
  private readonly listeners = new Listeners<Parameters<SignalHandler>>(RedisSignalBus.name);
  private readonly sendLimit: TokenBuckets;
  private readonly hearLimit: TokenBuckets;

  constructor(
    private readonly link: RedisLink,
    clock: Clock,
  ) {
    super();
    this.sendLimit = new TokenBuckets(clock, TOLD_PER_SECOND, TOLD_PER_SECOND);
    this.hearLimit = new TokenBuckets(clock, HEARD_PER_SECOND, HEARD_PER_SECOND);
  }

  override publish(topic: SignalTopic, signal: Signal): void {
    this.listeners.tell(topic, signal);
    if (!this.link.isUp || this.sendLimit.take('') > 0) return;
    const frame = encodeSignal(signal);
    if (frame.length <= MOST_FRAME) this.link.tellNodes(this.channelOf(topic), frame);
  }

  override follow(topic: SignalTopic): Promise<void> {
    return this.link.hearNodes(this.channelOf(topic), (said) => {
      this.hear(topic, said);
    });
  }

  override unfollow(topic: SignalTopic): void {
    this.link.unsubscribe(this.channelOf(topic));
  }

  override subscribe(handler: SignalHandler): () => void {
    return this.listeners.add(handler);
  }

  /** The link counts what is forged; nobody repairs that loss. */
  private hear(topic: SignalTopic, { body }: Publication): void {
    if (body === null) return;
    const signal = decodeSignal(body);
    if (signal === null) this.link.refused.count('malformed');
    else if (this.hearLimit.take('') > 0) this.link.refused.count('too-many');
    else this.listeners.tell(topic, signal);
  }

  private channelOf(topic: SignalTopic): string {
    return this.link.name('signals', topic);
  }
}
