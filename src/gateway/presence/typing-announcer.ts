import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Access } from '../../chat/conversations/access.js';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { principalOf } from '../../chat/conversations/principal.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { isMessage } from '../../chat/messages/kinds/message.js';
import { Clock } from '../../kernel/clock.js';
import { TokenBuckets } from '../../kernel/limits/token-buckets.js';
import type { Person } from '../../kernel/person.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { PresenceService } from '../../presence/presence.service.js';
import { TypingService, type TypingSignal } from '../../presence/typing.service.js';
import { TypingSets } from '../../presence/typing-sets.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { Hub } from '../delivery/hub.js';
import { RoomChannels } from '../delivery/room-channels.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import { typingFrameFor, typingFramesFor } from './typing-frames.js';

/** Upper bound on the latency in a room: what else it is told meanwhile shares the write. */
const WITHIN_MS = 100;
/** Frames about private typing that one person is told: of many at once nobody could answer all. */
const TOLD_PER_SECOND = 10;
const TOLD_AT_ONCE = 20;

/** Tells those who are in a conversation who is typing there. */
@Injectable()
export class TypingAnnouncer implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(TypingAnnouncer.name);
  private readonly sets: TypingSets;
  private readonly told: TokenBuckets;
  private readonly ends: (() => void)[] = [];
  private leftOut = 0;

  constructor(
    private readonly typing: TypingService,
    private readonly presence: PresenceService,
    private readonly hub: Hub,
    private readonly rooms: RoomChannels,
    private readonly registry: ConnectionRegistry,
    private readonly access: Access,
    private readonly book: RoomBook,
    clock: Clock,
    scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.told = new TokenBuckets(clock, TOLD_PER_SECOND, TOLD_AT_ONCE);
    this.sets = new TypingSets(clock, scheduler, (conversation) => {
      this.tell(conversation).catch((error: unknown) => {
        this.logger.error({ event: 'typing-not-told', error });
      });
    });
  }

  /** Conversations in which somebody is typing, as far as this node is to tell of it. */
  get conversations(): number {
    return this.sets.size;
  }

  /** What was not told: in a crowd, or because it was too much. */
  get untold(): number {
    return this.leftOut + this.sets.leftOut;
  }

  onModuleInit(): void {
    if (this.settings.typingMax === 0) return;
    this.ends.push(
      this.typing.onSignal((signal) => {
        this.hear(signal);
      }),
      this.hub.onDelivered((batch) => {
        this.endWhatWasSaid(batch);
      }),
      this.presence.onChange(({ kind, person }) => {
        if (kind === 'leave') this.sets.leave(person.id);
      }),
    );
  }

  onApplicationShutdown(): void {
    for (const end of this.ends) end();
    this.sets.stop();
  }

  private hear({ conversation, person, isTyping, time }: TypingSignal): void {
    if (!isTyping) this.sets.end(conversation, person.id);
    else if (this.hasListeners(conversation, person.id)) {
      this.sets.begin(conversation, person, time);
    }
  }

  /** A signal comes here also from this node's own people, whoever it is for. */
  private hasListeners(conversation: ConversationKey, typistId: string): boolean {
    const parsed = parseKey(conversation);
    if (parsed.kind === 'room') return this.rooms.sizeOf(conversation) > 0;
    return parsed.members.some((id) => id !== typistId && this.registry.ofPerson(id).length > 0);
  }

  private endWhatWasSaid(batch: readonly LiveEvent[]): void {
    if (this.sets.size === 0) return;
    for (const event of batch) {
      const { conversation, author, time } = event;
      if (isMessage(event)) this.sets.end(conversation, author.id, time);
    }
  }

  private async tell(conversation: ConversationKey): Promise<void> {
    const parsed = parseKey(conversation);
    if (parsed.kind === 'direct') this.tellPair(conversation, parsed.members);
    else if (await this.isCrowded(conversation)) this.leaveOut(conversation);
    else this.tellRoom(conversation, this.book.nameOf(conversation));
  }

  private tellRoom(conversation: ConversationKey, room: string): void {
    const news = this.sets.take(conversation);
    if (news === null) return;
    const { frame, inPlace } = typingFramesFor(news, { room });
    this.hub.tellRoom(conversation, frame, WITHIN_MS, inPlace);
  }

  private tellPair(conversation: ConversationKey, members: readonly [string, string]): void {
    const news = this.sets.take(conversation);
    if (news === null) return;
    for (const typist of new Map(people(news.before, news.now)).values()) {
      const reader = members[0] === typist.id ? members[1] : members[0];
      const frame = typingFrameFor(news, reader, { to: typist.username });
      if (frame === null || !this.mayRead(reader, conversation)) continue;
      if (this.told.take(reader) > 0) this.leftOut++;
      else this.hub.tellPerson(reader, new EncodedFrame(frame));
    }
  }

  private mayRead(personId: string, conversation: ConversationKey): boolean {
    const [connection] = this.registry.ofPerson(personId);
    if (connection === undefined) return false;
    return this.access.mayDo(principalOf(connection.person), conversation, 'read').allowed;
  }

  private async isCrowded(room: ConversationKey): Promise<boolean> {
    // Everybody who is here is in the lobby; of other rooms it is known who of them is on this node.
    const present = room === LOBBY_KEY ? await this.presence.count() : this.rooms.sizeOf(room);
    return present > this.settings.typingMax;
  }

  private leaveOut(conversation: ConversationKey): void {
    if (this.sets.take(conversation) !== null) this.leftOut++;
  }
}

function* people(...lists: readonly (readonly Person[])[]): Iterable<readonly [string, Person]> {
  for (const list of lists) for (const person of list) yield [person.id, person];
}
