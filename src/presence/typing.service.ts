import { Injectable } from '@nestjs/common';
import {
  type ConversationKey,
  directKey,
  keyFrom,
  parseKey,
  personTopic,
} from '../chat/conversations/key.js';
import { Clock } from '../kernel/clock.js';
import type { Person } from '../kernel/person.js';
import { type Signal, SignalBus, type SignalTopic } from './signal-bus.js';
import { TYPING_EVERY_MS } from './typing-set.js';

const BEGINS = 'typing';
const ENDS = 'typing-end';
const OF_PERSON = personTopic('');
/** People in conversations whose last signal is remembered; beyond them the oldest is forgotten. */
const MOST_REMEMBERED = 20_000;

/** What one person was last heard to do in one conversation. */
interface Heard {
  /** When they were heard to type (monotonic milliseconds). */
  readonly at: number;
  readonly isTyping: boolean;
}

/** Somebody types in a conversation, or does no longer, as told by whatever node. */
export interface TypingSignal {
  readonly conversation: ConversationKey;
  readonly person: Person;
  readonly isTyping: boolean;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/**
 * Tells all nodes who is typing where. Nothing is stored: a signal that is lost is missed by nobody
 * for longer than the ttl. Whether somebody may type there is not asked here.
 */
@Injectable()
export class TypingService {
  /** By person and conversation, in the order in which they were heard. */
  private readonly heard = new Map<string, Heard>();

  constructor(
    private readonly signals: SignalBus,
    private readonly clock: Clock,
  ) {}

  /** How much is remembered of who was heard. */
  get remembered(): number {
    return this.heard.size;
  }

  /** Somebody types. More often than every 3 s in one conversation it is not heard. */
  begin(person: Person, conversation: ConversationKey): void {
    const now = this.clock.monotonic();
    const name = nameOf(person, conversation);
    const last = this.heard.get(name);
    if (last !== undefined && now - last.at < TYPING_EVERY_MS) return;
    this.remember(name, { at: now, isTyping: true });
    this.publish(BEGINS, person, conversation);
  }

  /** Somebody has stopped. Heard only after {@link begin}, so that it costs no more than that. */
  end(person: Person, conversation: ConversationKey): void {
    const name = nameOf(person, conversation);
    const last = this.heard.get(name);
    if (last?.isTyping !== true) return;
    this.heard.set(name, { at: last.at, isTyping: false });
    this.publish(ENDS, person, conversation);
  }

  /** Hears of everybody who types, also of those on this node. @returns ends it */
  onSignal(listener: (signal: TypingSignal) => void): () => void {
    return this.signals.subscribe((topic, signal) => {
      const heard = readSignal(topic, signal);
      if (heard !== null) listener(heard);
    });
  }

  private publish(kind: string, person: Person, conversation: ConversationKey): void {
    const signal = { kind, person, time: this.clock.now(), details: {} };
    this.signals.publish(topicFor(conversation, person.id), signal);
  }

  private remember(name: string, heard: Heard): void {
    this.heard.delete(name);
    this.heard.set(name, heard);
    if (this.heard.size <= MOST_REMEMBERED) return;
    const [oldest] = this.heard.keys();
    if (oldest !== undefined) this.heard.delete(oldest);
  }
}

function nameOf({ id }: Person, conversation: ConversationKey): string {
  return `${id} ${conversation}`;
}

/** In private it is told to the other person only. */
function topicFor(conversation: ConversationKey, personId: string): SignalTopic {
  const parsed = parseKey(conversation);
  if (parsed.kind === 'room') return conversation;
  const [one, other] = parsed.members;
  return personTopic(one === personId ? other : one);
}

/** @returns null where it is no typing, or in no conversation */
function readSignal(topic: SignalTopic, { kind, person, time }: Signal): TypingSignal | null {
  if (kind !== BEGINS && kind !== ENDS) return null;
  const isPrivate = topic.startsWith(OF_PERSON);
  const conversation = isPrivate
    ? directKey(person.id, topic.slice(OF_PERSON.length))
    : keyFrom(topic);
  if (conversation === null) return null;
  return { conversation, person, isTyping: kind === BEGINS, time };
}
