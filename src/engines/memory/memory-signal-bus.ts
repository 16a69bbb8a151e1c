import { Injectable } from '@nestjs/common';
import { Listeners } from '../../kernel/listeners.js';
import {
  type Signal,
  SignalBus,
  type SignalHandler,
  type SignalTopic,
} from '../../presence/signal-bus.js';

/** The signals of a single node: delivered within the process. */
@Injectable()
export class MemorySignalBus extends SignalBus {
  private readonly listeners = new Listeners<Parameters<SignalHandler>>(MemorySignalBus.name);

  override publish(topic: SignalTopic, signal: Signal): void {
    this.listeners.tell(topic, signal);
  }

  /** Everything is delivered in any case. */
  override follow(): Promise<void> {
    return Promise.resolve();
  }

  override unfollow(): void {
    return;
  }

  override subscribe(handler: SignalHandler): () => void {
    return this.listeners.add(handler);
  }
}
