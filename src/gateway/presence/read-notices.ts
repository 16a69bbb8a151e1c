import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { FrameType } from '@parley/protocol';
import { keyFrom, parseKey, personTopic } from '../../chat/conversations/key.js';
import { type ReadBy, ReadMarks, type ReadPosition } from '../../chat/marks/read-marks.js';
import { ThreadService } from '../../chat/messages/changing/thread.service.js';
import { Clock } from '../../kernel/clock.js';
import { type Signal, SignalBus } from '../../presence/signal-bus.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import type { OutgoingFrame } from '../wire/frames.js';
import { ownReadFrame, type Place, placeOf, threadReadFrame } from '../wire/read-frames.js';
import { RoomReceipts } from './room-receipts.js';

/** The person's own mark was moved; that in a thread was; all of them were; the other one of a private conversation has read. */
const OWN = 'read-own';
const THREAD = 'read-thread';
const ALL = 'read-all';
const RECEIPT = 'read-receipt';

/**
 * Tells of marks that were moved: the person's other devices at once, wherever they are, and whoever
 * they talk to in private. Rooms are told by {@link RoomReceipts}. What is lost on the way shows with
 * the next mark, or in the list of conversations.
 */
@Injectable()
export class ReadNotices implements OnModuleInit, OnApplicationShutdown {
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly marks: ReadMarks,
    private readonly threads: ThreadService,
    private readonly signals: SignalBus,
    private readonly registry: ConnectionRegistry,
    private readonly receipts: RoomReceipts,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.ends.push(
      this.marks.onMoved((by, position, direction) => {
        if (position === null) this.publish(personTopic(by.person.id), ALL, by);
        else this.tell(by, position, direction);
      }),
      this.threads.onMoved((by, thread, { seq, unread }) => {
        const details = { ...placeOf(thread), thread: thread.root, seq, unread };
        this.publish(personTopic(by.person.id), THREAD, by, details);
      }),
      this.signals.subscribe((topic, signal) => {
        this.hear(topic, signal);
      }),
    );
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
  }

  private tell(by: ReadBy, position: ReadPosition, direction: 'forward' | 'back'): void {
    const { conversation, other, seq, unread, mentions } = position;
    const isBack = direction === 'back' ? { back: 1 } : {};
    const details = { conversation, ...placeOf(position), seq, unread, mentions, ...isBack };
    this.publish(personTopic(by.person.id), OWN, by, details);
    if (direction === 'back') return;
    if (other === null) this.receipts.publish(by.person, conversation, seq);
    else this.publish(personTopic(other.id), RECEIPT, by, { conversation, seq });
  }

  private publish(topic: string, kind: string, by: ReadBy, details: Signal['details'] = {}): void {
    const { person, connectionId: origin } = by;
    const signal = { kind, person, time: this.clock.now(), details: { ...details, origin } };
    this.signals.publish(topic, signal);
  }

  private hear(topic: string, signal: Signal): void {
    const { kind, person, details } = signal;
    const origin = details['origin'];
    if (kind === OWN && topic === personTopic(person.id)) this.hearOwn(signal, origin);
    if (kind === THREAD && topic === personTopic(person.id)) this.hearThread(signal, origin);
    if (kind === ALL && topic === personTopic(person.id)) {
      const { id, username } = person;
      const user = { id, username };
      this.send(id, origin, { type: FrameType.Read, user, data: 'all' });
    }
    if (kind === RECEIPT) this.hearReceipt(topic, signal);
  }

  private hearOwn({ person, details }: Signal, origin: unknown): void {
    const { seq, unread, mentions, conversation, back } = details;
    if (!isNumber(seq) || !isNumber(unread)) return;
    if (back !== undefined) {
      const key = keyFrom(String(conversation));
      if (key !== null) this.marks.forget(person.id, key);
    }
    const place = placeIn(details);
    if (place === null) return;
    // A node of the version before counts none.
    const position = { seq, unread, mentions: isNumber(mentions) ? mentions : 0 };
    this.send(person.id, origin, ownReadFrame(person, place, position));
  }

  private hearThread({ person, details }: Signal, origin: unknown): void {
    const { thread, seq, unread } = details;
    const place = placeIn(details);
    if (place === null || !isNumber(thread) || !isNumber(seq) || !isNumber(unread)) return;
    this.send(person.id, origin, threadReadFrame(person, place, thread, { seq, unread }));
  }

  /** Only the other one of the conversation is told, by whatever topic it came. */
  private hearReceipt(topic: string, { person, details }: Signal): void {
    const { conversation, seq } = details;
    const key = keyFrom(String(conversation));
    if (key === null || !isNumber(seq)) return;
    const parsed = parseKey(key);
    if (parsed.kind !== 'direct' || !parsed.members.includes(person.id)) return;
    const other = parsed.members.find((id) => id !== person.id);
    if (other === undefined || topic !== personTopic(other)) return;
    const [connection] = this.registry.ofPerson(other);
    if (connection === undefined) return;
    const user = { id: person.id, username: person.username };
    const to = connection.person.username;
    this.send(other, null, { type: FrameType.Read, user, to, seq });
  }

  private send(personId: string, origin: unknown, frame: OutgoingFrame): void {
    for (const connection of this.registry.ofPerson(personId)) {
      if (connection.open && connection.id !== origin) connection.send(frame);
    }
  }
}

function placeIn({ room, to }: Signal['details']): Place | null {
  if (typeof room === 'string') return { room };
  return typeof to === 'string' ? { to } : null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
