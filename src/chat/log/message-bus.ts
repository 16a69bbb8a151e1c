import type { Distribution } from '../../kernel/metrics/distribution.js';
import type { Labelled } from '../../kernel/metrics/tally.js';
import type { ConversationKey, Topic } from '../conversations/key.js';
import type { LiveEvent } from './event.js';

/** Hears what the bus knows of its own losses. */
export interface LossObserver {
  /** A conversation has come at least so far, whether or not the batches arrived. */
  reached(conversation: ConversationKey, seq: number): void;

  /** Batches of a topic may be lost; null: of any topic. */
  lost(topic: Topic | null): void;
}

/**
 * Carries what was stored to every node that follows it, and always to this one.
 *
 * It may lose, repeat or reorder batches, never alter one; whoever listens repairs from the
 * {@link EventLog} by sequence number. A batch may arrive in parts.
 */
export abstract class MessageBus {
  /** Whether every batch arrives, once and in order. So it is where a node is alone. */
  abstract readonly isLossless: boolean;

  /** Whether other nodes are being reached now. */
  abstract readonly isUp: boolean;

  /**
   * Seconds until what this node says comes back to it, tried again and again; stays empty where a
   * node is alone.
   */
  abstract readonly lags: Distribution;

  /** What came over the bus and was not believed or could not be read, by why; nothing where alone. */
  abstract readonly refused: Labelled;

  /** Resolves when the batch is handed over, not when it has arrived; waits for nobody. */
  abstract publish(batch: readonly LiveEvent[]): Promise<void>;

  /** @returns ends the subscription */
  abstract subscribe(handler: (batch: readonly LiveEvent[]) => void): () => void;

  /**
   * From here on the batches of a topic are brought. Resolves when they are, or when the bus is
   * down; it follows then as soon as it is up, and says that something may be lost.
   */
  abstract follow(topic: Topic): Promise<void>;

  abstract unfollow(topic: Topic): void;

  /** @returns ends the observation */
  abstract observe(observer: LossObserver): () => void;
}
