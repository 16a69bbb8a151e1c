import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Refusal } from '../../../kernel/refusal.js';
import { Scheduler, type Timer } from '../../../kernel/scheduler.js';
import { Access } from '../../conversations/access.js';
import type { ConversationKey } from '../../conversations/key.js';
import { principalOf } from '../../conversations/principal.js';
import { RoomStore } from '../../conversations/room-store.js';
import type { Written } from '../../log/event.js';
import { MessageStore } from '../../log/message-store.js';
import { ChangeWriter } from './change-writer.js';
import type { AskedInSight } from './edit.service.js';
import { ReactionBatch, type WaitingReaction } from './reaction-batch.js';
import { readReactionKey } from './reaction-key.js';

/** How many are a crowd. */
const CROWD = 300;
/** How long the reactions of a crowd to one message gather. */
const GATHER_MS = 250;
/** Reactions in one event. */
const MOST_TOGETHER = 500;
/** Reactions that wait, to all messages. */
const MOST_WAITING = 10_000;

/** The reactions to one message that wait to be stored together. */
interface Group {
  readonly conversation: ConversationKey;
  readonly target: number;
  readonly waiting: WaitingReaction[];
  timer: Timer | null;
  /** Ends when those that are being stored are answered. */
  storing: Promise<void> | null;
}

/**
 * Stores reactions. Those that come together for one message are one event; in a crowd they gather
 * for a quarter of a second, so that a message that everybody likes is four events a second, however
 * many they are.
 */
@Injectable()
export class ReactionService implements OnApplicationShutdown {
  private readonly groups = new Map<string, Group>();
  private waiting = 0;
  private sizeOf: (conversation: ConversationKey) => number = () => 0;

  constructor(
    private readonly writer: ChangeWriter,
    private readonly messages: MessageStore,
    private readonly access: Access,
    private readonly rooms: RoomStore,
    private readonly scheduler: Scheduler,
  ) {}

  /** @param sizeOf how many are present in a conversation */
  measureBy(sizeOf: (conversation: ConversationKey) => number): void {
    this.sizeOf = sizeOf;
  }

  onApplicationShutdown(): void {
    for (const { timer } of this.groups.values()) this.scheduler.cancel(timer);
  }

  /**
   * @param key one emoji, or `:name:`
   * @returns the numbers of the event; several people may share it
   * @throws Refusal `unknown-message`, `message-deleted`, `limit-reached`, `busy`, or where the person
   *   may not react there; by rejection
   */
  async react(
    asked: AskedInSight,
    target: number,
    { key: given, op }: { readonly key: string; readonly op: 'add' | 'remove' },
  ): Promise<Written> {
    const key = readReactionKey(given);
    if (key === null) throw new Refusal('invalid-field', { field: 'data' });
    const { conversation } = asked.in;
    await this.access.require(principalOf(asked.person), conversation, 'react');
    if (this.waiting >= MOST_WAITING) throw new Refusal('busy');
    this.waiting += 1;
    try {
      return await new Promise<Written>((resolve, reject) => {
        const group = this.groupOf(conversation, target);
        group.waiting.push({ asked, key, op, resolve, reject });
        this.schedule(group);
      });
    } finally {
      this.waiting -= 1;
    }
  }

  /** Stores what has gathered, without waiting longer: the service is about to stop. */
  async flush(): Promise<void> {
    await Promise.all([...this.groups.values()].map((group) => this.empty(group)));
  }

  private async empty(group: Group): Promise<void> {
    while (group.waiting.length > 0 || group.storing !== null) {
      this.scheduler.cancel(group.timer);
      await (group.storing ?? this.store(group));
    }
  }

  private groupOf(conversation: ConversationKey, target: number): Group {
    const name = nameOf(conversation, target);
    const known = this.groups.get(name);
    if (known !== undefined) return known;
    const group = { conversation, target, waiting: [], timer: null, storing: null };
    this.groups.set(name, group);
    return group;
  }

  private schedule(group: Group): void {
    if (group.timer !== null || group.storing !== null) return;
    const run = (): void => void this.store(group);
    const isCrowd = this.sizeOf(group.conversation) > CROWD;
    group.timer = isCrowd ? this.scheduler.after(GATHER_MS, run) : this.scheduler.nextTurn(run);
  }

  private store(group: Group): Promise<void> {
    group.timer = null;
    group.storing ??= this.storeNext(group).then(() => {
      group.storing = null;
      if (group.waiting.length > 0) this.schedule(group);
      else this.groups.delete(nameOf(group.conversation, group.target));
    });
    return group.storing;
  }

  private async storeNext({ target, waiting }: Group): Promise<void> {
    const [first, ...others] = waiting.splice(0, MOST_TOGETHER);
    if (first === undefined) return;
    await new ReactionBatch(this.writer, this.messages, this.rooms, target, [
      first,
      ...others,
    ]).store();
  }
}

function nameOf(conversation: ConversationKey, target: number): string {
  return `${conversation} ${String(target)}`;
}
