import type { LiveEvent } from './event.js';

/**
 * Carries what was stored to every node, this one included.
 *
 * It may lose or reorder batches, never alter one; whoever listens repairs from the
 * {@link MessageStore} by sequence number. On one node it delivers in order and loses nothing.
 */
export abstract class MessageBus {
  /** Resolves when the batch is handed over, not when it has arrived. */
  abstract publish(batch: readonly LiveEvent[]): Promise<void>;

  /** @returns ends the subscription */
  abstract subscribe(handler: (batch: readonly LiveEvent[]) => void): () => void;
}
