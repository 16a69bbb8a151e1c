import { Injectable, Logger } from '@nestjs/common';
import type { LiveEvent } from '../../chat/log/event.js';
import { MessageBus } from '../../chat/log/message-bus.js';
import { Distribution } from '../../kernel/metrics/distribution.js';
import { Tally } from '../../kernel/metrics/tally.js';

type Handler = (batch: readonly LiveEvent[]) => void;

/** The bus of a single node: delivers each batch within the process. */
@Injectable()
export class MemoryMessageBus extends MessageBus {
  private readonly log = new Logger(MemoryMessageBus.name);
  private readonly handlers = new Set<{ readonly handle: Handler }>();
  private readonly queue: (readonly LiveEvent[])[] = [];
  private delivering = false;
  override readonly isLossless: boolean = true;
  override readonly isUp = true;
  override readonly lags = new Distribution([]);
  override readonly refused = new Tally<string>('reason', []);

  override publish(batch: readonly LiveEvent[]): Promise<void> {
    this.queue.push(batch);
    // A handler that publishes must not overtake a batch that others have yet to receive.
    if (!this.delivering) this.deliver();
    return Promise.resolve();
  }

  override subscribe(handler: Handler): () => void {
    const subscription = { handle: handler };
    this.handlers.add(subscription);
    return () => {
      this.handlers.delete(subscription);
    };
  }

  /** Everything is delivered in any case. */
  override follow(): Promise<void> {
    return Promise.resolve();
  }

  override unfollow(): void {
    return;
  }

  /** Nothing is ever lost. */
  override observe(): () => void {
    return () => undefined;
  }

  private deliver(): void {
    this.delivering = true;
    for (let batch = this.queue.shift(); batch !== undefined; batch = this.queue.shift()) {
      for (const { handle } of this.handlers) this.handOver(batch, handle);
    }
    this.delivering = false;
  }

  private handOver(batch: readonly LiveEvent[], handle: Handler): void {
    try {
      handle(batch);
    } catch (error) {
      this.log.error('A subscriber failed', error instanceof Error ? error.stack : undefined);
    }
  }
}
