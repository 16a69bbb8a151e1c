import { Refusal } from '../../../kernel/refusal.js';
import type { RoomStore } from '../../conversations/room-store.js';
import type { Written } from '../../log/event.js';
import type { MessageChange, MessageRef } from '../../log/message-change.js';
import { UNTOUCHED } from '../../log/message-state.js';
import type { MessageStore } from '../../log/message-store.js';
import type { StoredBody } from '../../log/stored-body.js';
import { fromMember } from '../from-member.js';
import { newReaction } from '../kinds/reaction.js';
import type { ChangeWriter, Decided } from './change-writer.js';
import type { AskedInSight } from './edit.service.js';
import { mergeReactions, type ReactionWish } from './reaction-rules.js';
import { targetMessage } from './target-message.js';

/** A wish that waits for its answer. */
export interface WaitingReaction {
  readonly asked: AskedInSight;
  readonly key: string;
  readonly op: 'add' | 'remove';
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/** What a ref of a reaction stands for. */
function partOf(target: number, { key, op }: Pick<ReactionWish, 'key' | 'op'>): StoredBody {
  return { kind: 'reaction', target, body: `${op} ${key}` };
}

/** Several people's reactions to one message, stored as one event. */
export class ReactionBatch {
  /** Those that are refused, or were stored before: they are answered already. */
  private readonly answered = new Set<WaitingReaction>();

  constructor(
    private readonly writer: ChangeWriter,
    private readonly messages: MessageStore,
    private readonly rooms: RoomStore,
    private readonly target: number,
    private readonly waiting: readonly [WaitingReaction, ...WaitingReaction[]],
  ) {}

  /** Answers each of them. */
  async store(): Promise<void> {
    const [{ asked }] = this.waiting;
    try {
      const written = await this.writer.write({ ...asked, ref: null }, () => this.decide());
      for (const one of this.left()) one.resolve(written);
    } catch (error) {
      for (const one of this.left()) one.reject(error);
    }
  }

  private left(): readonly WaitingReaction[] {
    return this.waiting.filter((one) => !this.answered.has(one));
  }

  /** Refs are looked up last: what others did before is told by its ref, not taken for how it always was. */
  private async decide(): Promise<Decided> {
    const [{ asked }] = this.waiting;
    const { conversation } = asked.in;
    const [found] = await this.messages.at(conversation, [this.target]);
    const present = await this.present(this.left());
    await this.answerRepeated();
    await this.refuseOutsiders();
    this.refuseUnseen(found?.seq ?? 0);
    const { version } = targetMessage(found, 1).state ?? UNTOUCHED;
    const left = this.left();
    const merged = mergeReactions(left.map(wishOf), present);
    const fulfilled = left.filter((one, index) => {
      const refusal = merged.refusals[index] ?? null;
      if (refusal !== null) this.answer(one, () => one.reject(refusal));
      return refusal === null;
    });
    if (merged.added.length + merged.removed.length === 0) return this.unchanged();
    const ref = { conversation, seq: this.target };
    const changes: MessageChange[] = [
      { op: 'expect-message', ...ref, version },
      ...expectMembers(ref, fulfilled),
      { op: 'react', ...ref, added: merged.added, removed: merged.removed },
      ...refsOf(fulfilled, this.target),
    ];
    const [{ asked: first } = this.waiting[0]] = fulfilled;
    return { body: newReaction(this.target, merged.keys), changes, author: first.person };
  }

  /** All is as they want it: since the last event that changed the message, as it is by now. */
  private async unchanged(): Promise<Decided> {
    const { asked } = this.waiting[0];
    const [message] = await this.messages.at(asked.in.conversation, [this.target]);
    const changed = message?.state?.changed ?? 0;
    return { already: await this.writer.receiptAt(asked.in, changed || this.target) };
  }

  private async present(wishes: readonly WaitingReaction[]) {
    const { conversation } = this.waiting[0].asked.in;
    const people = peopleOf(wishes);
    const [counts, held] = await Promise.all([
      this.messages.reactions(conversation, [this.target], ''),
      people.length === 0 ? [] : this.messages.reactionsOf(conversation, this.target, people),
    ]);
    const all = counts.get(this.target) ?? [];
    return { counts: new Map(all.map(({ key, count }) => [key, count])), held };
  }

  /** What is sent twice is answered twice, and done once. */
  private async answerRepeated(): Promise<void> {
    const left = this.left();
    const asked = left.map((one) => ({ asked: one.asked, body: partOf(this.target, one) }));
    const found = await this.writer.allRepeated(asked);
    for (const [index, one] of left.entries()) {
      const before = found[index] ?? null;
      if (before instanceof Refusal) this.answer(one, () => one.reject(before));
      else if (before !== null) this.answer(one, () => one.resolve(before));
    }
  }

  /** The gate was asked before they gathered: whoever has gone since is refused, alone. */
  private async refuseOutsiders(): Promise<void> {
    const [{ asked }] = this.waiting;
    const { fromMemberOf: room } = fromMember(asked.in.conversation);
    const waiting = this.left();
    if (room === undefined || waiting.length === 0) return;
    const inside = await this.rooms.membersAmong(room, peopleOf(waiting));
    for (const one of waiting) {
      if (inside.has(one.asked.person.id)) continue;
      this.answer(one, () => one.reject(new Refusal('not-a-member', { field: 'room' })));
    }
  }

  /** Where members see different parts, each is refused for what that person does not see. */
  private refuseUnseen(seq: number): void {
    for (const one of this.left()) {
      if (seq >= one.asked.in.from) continue;
      const refusal = new Refusal('unknown-message', { field: 'target' });
      this.answer(one, () => one.reject(refusal));
    }
  }

  private answer(one: WaitingReaction, tell: () => void): void {
    this.answered.add(one);
    tell();
  }
}

function wishOf({ asked, key, op }: WaitingReaction): ReactionWish {
  return { person: asked.person, key, op };
}

function peopleOf(wishes: readonly WaitingReaction[]): readonly string[] {
  return [...new Set(wishes.map(({ asked }) => asked.person.id))];
}

/** Nobody whose part it is may have gone from the room when it is stored. */
function expectMembers(
  message: MessageRef,
  wishes: readonly WaitingReaction[],
): readonly MessageChange[] {
  const { fromMemberOf: room } = fromMember(message.conversation);
  if (room === undefined) return [];
  return [{ op: 'expect-members', ...message, room, people: peopleOf(wishes) }];
}

/** Each ref once, however often it was sent meanwhile. */
function refsOf(
  wishes: readonly WaitingReaction[],
  target: number,
): readonly (MessageChange & { readonly op: 'keep-ref' })[] {
  const refs = new Map<string, MessageChange & { readonly op: 'keep-ref' }>();
  for (const { asked, key, op } of wishes) {
    const { person, ref, in: where } = asked;
    if (ref === null) continue;
    const part = partOf(target, { key, op });
    const { conversation } = where;
    refs.set(`${person.id} ${ref}`, { op: 'keep-ref', conversation, author: person.id, ref, part });
  }
  return [...refs.values()];
}
