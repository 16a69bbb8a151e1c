import type { Frame } from '../../support/ws-client.js';

/** A message as a client has it. */
export interface Kept {
  text: string;
  /** The number of the event that gave it this text. */
  textSeq: number;
  isDeleted: boolean;
  /** By key: how many, and the number of the event that said so. */
  readonly reactions: Map<string, readonly [count: number, seq: number]>;
}

type Fields = Frame & Readonly<Record<string, unknown>>;

/**
 * What a client has of one room that goes by the rules of the protocol: every frame carries state,
 * and of two about the same thing the one with the higher number holds.
 */
export class Replica {
  readonly messages = new Map<number, Kept>();
  /** The highest number that it has. */
  seq = 0;

  take(frame: Frame, room: string): void {
    if (frame.room !== room || frame.seq === undefined || [6, 8, 11].includes(frame.type)) return;
    if (frame.seq > this.seq + 1) throw new Error(`${frame.seq} after ${this.seq}`);
    this.seq = Math.max(this.seq, frame.seq);
    this.apply(frame as Fields);
  }

  /** A message as a page has it, or the list of those that changed: it is the present. @param head the page's */
  takeItem(item: Frame, head: number): void {
    const { seq = 0, data } = item;
    const fields = item as Fields;
    const kept = this.of(seq);
    if (fields['deleted'] !== undefined) {
      this.delete(seq);
      return;
    }
    kept.text = String(data);
    kept.textSeq = (fields['edited'] as { seq: number } | undefined)?.seq ?? seq;
    kept.reactions.clear();
    const reactions = (fields['reactions'] ?? []) as readonly { key: string; count: number }[];
    for (const { key, count } of reactions) kept.reactions.set(key, [count, head]);
  }

  /** What can be compared with another one's. */
  view(): readonly unknown[] {
    return [...this.messages]
      .sort(([one], [other]) => one - other)
      .map(([seq, { text, isDeleted, reactions }]) => {
        const counts = [...reactions].map(([key, [count]]) => [key, count]);
        const shown = counts.filter(([, count]) => count !== 0).sort();
        return [seq, text, isDeleted, shown];
      });
  }

  private apply(frame: Fields): void {
    if (frame.type === 2) this.say(frame);
    if (frame.type === 12) this.edit(Number(frame.target), frame);
    if (frame.type === 13) this.delete(Number(frame.target));
    if (frame.type === 14) this.react(Number(frame.target), frame);
  }

  private say(frame: Fields): void {
    const { seq = 0, data } = frame;
    const edited = frame['edited'] as { seq: number } | undefined;
    const kept = this.of(seq);
    if (frame['deleted'] !== undefined) this.delete(seq);
    else if (!kept.isDeleted && (edited?.seq ?? seq) > kept.textSeq) {
      kept.text = String(data);
      kept.textSeq = edited?.seq ?? seq;
    }
  }

  private edit(target: number, frame: Fields): void {
    const { seq = 0, data } = frame;
    if (frame['deleted'] !== undefined) this.delete(target);
    const kept = this.of(target);
    if (kept.isDeleted || seq <= kept.textSeq) return;
    kept.text = String(data);
    kept.textSeq = seq;
  }

  private delete(target: number): void {
    const kept = this.of(target);
    kept.text = '';
    kept.isDeleted = true;
    kept.reactions.clear();
  }

  private react(target: number, frame: Fields): void {
    const { seq = 0, data } = frame;
    const kept = this.of(target);
    if (frame['deleted'] !== undefined) this.delete(target);
    if (kept.isDeleted) return;
    for (const [key, { count }] of Object.entries(data as Record<string, { count: number }>)) {
      if (seq > (kept.reactions.get(key)?.[1] ?? 0)) kept.reactions.set(key, [count, seq]);
    }
  }

  private of(seq: number): Kept {
    const known = this.messages.get(seq);
    if (known !== undefined) return known;
    const kept: Kept = { text: '', textSeq: 0, isDeleted: false, reactions: new Map() };
    this.messages.set(seq, kept);
    return kept;
  }
}
