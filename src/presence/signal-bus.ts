import type { Person } from '../kernel/person.js';

/**
 * Whom a signal is for: everybody in a conversation, by its key, or all connections of one person, as
 * `person:<id>`.
 */
export type SignalTopic = string;

/** Something that matters now and to nobody later: somebody is typing, or has read up to here. */
export interface Signal {
  /** What happens: lower-case letters and hyphens, at most 32. */
  readonly kind: string;
  /** Who does it. */
  readonly person: Person;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** What the kind tells besides: at most 8 short texts or numbers, by names in lower case. */
  readonly details: Readonly<Record<string, string | number>>;
}

export type SignalHandler = (topic: SignalTopic, signal: Signal) => void;

/**
 * Carries what is not stored to every node that follows its topic, and always to this one.
 *
 * Signals may be lost, repeated or reordered, never altered; nobody repairs them, and nothing is kept
 * for a node that is away. So whatever a signal says must be harmless to miss, and has to end by
 * itself: who is typing stops after a while, whether or not that was said.
 */
export abstract class SignalBus {
  /** Waits for nobody, and never throws. Subscribers on this node hear it before it returns. */
  abstract publish(topic: SignalTopic, signal: Signal): void;

  /**
   * From here on signals of the topic are brought from other nodes. It is not counted: one `unfollow`
   * ends any number of them. Resolves when they are brought, or when the bus is down: it follows then
   * as soon as it is up.
   */
  abstract follow(topic: SignalTopic): Promise<void>;

  abstract unfollow(topic: SignalTopic): void;

  /** Hears the signals of all topics. @returns ends the subscription */
  abstract subscribe(handler: SignalHandler): () => void;
}
