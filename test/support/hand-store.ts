import type { ConversationKey } from '../../src/chat/conversations/key.js';
import type {
  Advance,
  BehindPage,
  Claim,
  ClaimRequest,
} from '../../src/chat/feed/follower-cursors.js';
import type { ChatEvent, LiveEvent } from '../../src/chat/log/event.js';

/**
 * A log and its cursors in memory, which fail where they are told to. With real ones the follower is
 * tried in test/contract.
 */
export class HandStore {
  readonly heads = new Map<ConversationKey, number>();
  readonly positions = new Map<ConversationKey, number>();
  readonly asked = { pages: 0, positions: 0, rounds: 0, advances: 0, mostAdvanced: 0 };
  isDown = false;
  /** Whose requests for the claim get lost. */
  deafTo: string | null = null;
  epoch = 0;
  holder: string | null = null;
  leaseUntil = 0;

  append(conversation: ConversationKey, count = 1): LiveEvent[] {
    const head = this.heads.get(conversation) ?? 0;
    this.heads.set(conversation, head + count);
    return numbers(head + 1, head + count).map((seq) => ({
      ...eventOf(conversation, seq),
      origin: '',
    }));
  }

  async page(conversation: ConversationKey, { after = 0, limit = 0 }): Promise<ChatEvent[]> {
    this.asked.pages++;
    await this.answer();
    const last = Math.min(this.heads.get(conversation) ?? 0, after + limit);
    return numbers(after + 1, last).map((seq) => eventOf(conversation, seq));
  }

  async claim({ follower, holder, now, leaseMs }: ClaimRequest): Promise<Claim | null> {
    await this.answer();
    if (holder === this.deafTo) throw new Error('on purpose');
    if (this.holder !== null && this.holder !== holder && this.leaseUntil > now) return null;
    if (this.holder !== holder) this.epoch++;
    this.holder = holder;
    this.leaseUntil = now + leaseMs;
    return { follower, epoch: this.epoch };
  }

  async release({ epoch }: Claim): Promise<void> {
    await this.answer();
    if (epoch === this.epoch) this.holder = null;
  }

  async position(_follower: string, conversation: ConversationKey): Promise<number> {
    this.asked.positions++;
    await this.answer();
    return this.positions.get(conversation) ?? 0;
  }

  async advance(claim: Claim, advances: readonly Advance[]): Promise<Set<ConversationKey>> {
    this.asked.advances++;
    this.asked.mostAdvanced = Math.max(this.asked.mostAdvanced, advances.length);
    await this.answer();
    if (claim.epoch !== this.epoch) return new Set();
    const due = advances.filter((one) => (this.positions.get(one.conversation) ?? 0) === one.from);
    for (const { conversation, to } of due) this.positions.set(conversation, to);
    return new Set(due.map(({ conversation }) => conversation));
  }

  async behind(): Promise<BehindPage> {
    this.asked.rounds++;
    await this.answer();
    const all = [...this.heads].map(([conversation, head]) => ({
      ...{ conversation, head },
      position: this.positions.get(conversation) ?? 0,
    }));
    return { items: all.filter(({ head, position }) => head > position), next: null };
  }

  private answer(): Promise<void> {
    return this.isDown ? Promise.reject(new Error('on purpose')) : Promise.resolve();
  }
}

/** From the first to the last of them. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

export function eventOf(conversation: ConversationKey, seq: number): ChatEvent {
  return {
    ...{ conversation, seq, n: seq, id: `id ${seq}`, time: 0, kind: 'message', target: null },
    ...{ author: { id: 'ann', username: 'Ann' }, to: null, body: '' },
  };
}
