import type { Distribution } from '../../kernel/metrics/distribution.js';
import type { Labelled } from '../../kernel/metrics/tally.js';
import { type ConversationKey, personTopic, type Topic, topicsOf } from '../conversations/key.js';
import { isMove, type LiveEvent } from './event.js';

/**
 * The topics that an event is published under: those of its conversation. Who comes into a room may
 * be connected to nodes that do not follow it yet, and is told there, too.
 */
export function topicsOfEvent(event: LiveEvent): readonly Topic[] {
  const topics = topicsOf(event.conversation);
  return isMove(event) ? [...topics, personTopic(event.author.id)] : topics;
}

/** Hears what the bus knows of its own losses. */
export interface LossObserver {
  /** A conversation's head is at least `seq`, whether or not its batches arrived. */
  reached(conversation: ConversationKey, seq: number): void;

  /** Batches of a topic may be lost; null: of any topic. */
  lost(topic: Topic | null): void;
}

/**
 * Carries stored events to every node that follows them, and always to this one.
 *
 * It may lose, repeat or reorder batches, never alter one; listeners repair gaps from the {@link
 * EventLog} by sequence number. A batch may arrive in parts.
 */
export abstract class MessageBus {
  /** Whether every batch arrives, once and in order: the case on a single node. */
  abstract readonly isLossless: boolean;

  /** Whether other nodes can be reached now. */
  abstract readonly isUp: boolean;

  /**
   * Round-trip times of this node's own publications, in seconds, sampled regularly; empty on a
   * single node.
   */
  abstract readonly lags: Distribution;

  /** Publications that were rejected or unreadable, by reason; none on a single node. */
  abstract readonly refused: Labelled;

  /** Resolves when the batch is handed over, which is not when it has arrived. */
  abstract publish(batch: readonly LiveEvent[]): Promise<void>;

  /** @returns ends the subscription */
  abstract subscribe(handler: (batch: readonly LiveEvent[]) => void): () => void;

  /**
   * Delivers a topic's batches from here on. Resolves when it does, or when the bus is down; it
   * follows then as soon as it is up, and reports a possible loss.
   */
  abstract follow(topic: Topic): Promise<void>;

  abstract unfollow(topic: Topic): void;

  /** @returns ends the observation */
  abstract observe(observer: LossObserver): () => void;
}
