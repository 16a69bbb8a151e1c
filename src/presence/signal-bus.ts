import type { Person } from '../kernel/person.js';

/**
 * The recipients of a signal: everybody in a conversation, by its key, or all connections of one
 * person, as `person:<id>`.
 */
export type SignalTopic = string;

/** An ephemeral event, of no interest later: somebody is typing, or has read up to here. */
export interface Signal {
  /** What happens: lower-case letters and hyphens, at most 32. */
  readonly kind: string;
  /** Who does it. */
  readonly person: Person;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Further fields of the kind: at most 8 short texts or numbers, by lower-case names. */
  readonly details: Readonly<Record<string, string | number>>;
}

export type SignalHandler = (topic: SignalTopic, signal: Signal) => void;

/**
 * Carries ephemeral events to every node that follows their topic, and always to this one.
 *
 * Signals may be lost, repeated or reordered, never altered; nothing is repaired, or kept for a
 * node that is away. So a signal must be harmless to miss, and its effect must expire by itself:
 * typing ends after a while, whether or not that was signalled.
 */
export abstract class SignalBus {
  /** Does not wait, and never throws. Subscribers on this node hear it before it returns. */
  abstract publish(topic: SignalTopic, signal: Signal): void;

  /**
   * Delivers signals of the topic from other nodes from here on. Not counted: one `unfollow` undoes
   * any number of calls. Resolves when it follows, or when the bus is down; it follows then as soon
   * as it is up.
   */
  abstract follow(topic: SignalTopic): Promise<void>;

  abstract unfollow(topic: SignalTopic): void;

  /** Hears the signals of all followed topics. @returns ends the subscription */
  abstract subscribe(handler: SignalHandler): () => void;
}
