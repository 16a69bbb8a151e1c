import { Inject, Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { LimitExchange } from '../../kernel/limits/limit-exchange.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { SharedBuckets } from '../../kernel/limits/shared-buckets.js';
import type { DirectRef } from './chat.service.js';
import type { ConversationKey } from '../conversations/key.js';
import { EventLog } from '../log/event-log.js';

/** Conversations known to have begun; beyond them the store is asked again. */
const CAPACITY = 50_000;
/** Burst, in minutes' worth. */
const BURST_MINUTES = 10;

/**
 * Bounds how many private conversations guests start with one person. Guest accounts are free, so a
 * limit per guest would bound nothing.
 */
@Injectable()
export class FirstContacts {
  /** First messages refused. */
  refused = 0;
  private readonly known = new Set<ConversationKey>();
  private readonly begun: SharedBuckets;

  constructor(
    private readonly log: EventLog,
    private readonly directory: UserDirectory,
    clock: Clock,
    exchange: LimitExchange,
    @Inject(SETTINGS) settings: Settings,
  ) {
    const perMinute = settings.limits.newDirectRate;
    this.begun = new SharedBuckets(clock, exchange, {
      scope: 'new-direct',
      perSecond: perMinute / 60,
      burst: perMinute * BURST_MINUTES,
      tellBelow: 1,
    });
  }

  /** Whether the conversation is known to have begun, without asking the store. */
  hasBegun(conversation: ConversationKey): boolean {
    return this.known.has(conversation);
  }

  /**
   * Checks somebody who is about to write to somebody else.
   * @returns whether this starts the conversation
   * @throws Refusal `rate-limited`, by rejection, where too many guests have started one lately
   */
  async admit(author: Person, { conversation, other }: DirectRef): Promise<boolean> {
    if (this.known.has(conversation)) return false;
    const heads = await this.log.heads([conversation]);
    const begins = (heads.get(conversation) ?? 0) === 0;
    if (begins && (await this.directory.isGuest(author.id))) this.take(other.id);
    this.remember(conversation);
    return begins;
  }

  private take(personId: string): void {
    const retryAfter = this.begun.take(personId);
    if (retryAfter === 0) return;
    this.refused++;
    throw new Refusal('rate-limited', { retryAfter });
  }

  private remember(conversation: ConversationKey): void {
    this.known.add(conversation);
    if (this.known.size <= CAPACITY) return;
    for (const oldest of this.known) {
      this.known.delete(oldest);
      return;
    }
  }
}
