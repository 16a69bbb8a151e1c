import { Injectable } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal.js';

const PER_PERSON = 2;
const IN_ALL = 16;
const RETRY_AFTER_MS = 5_000;

/** Bounds concurrent exports on this node: 2 per person, 16 in all. */
@Injectable()
export class ExportSlots {
  private readonly taken = new Map<string, number>();
  private total = 0;

  /**
   * @returns releases the slot; idempotent
   * @throws Refusal `rate-limited` where the person's slots are in use, `busy` where all are
   */
  take(personId: string): () => void {
    const own = this.taken.get(personId) ?? 0;
    const details = { retryAfter: RETRY_AFTER_MS };
    if (own >= PER_PERSON) throw new Refusal('rate-limited', details);
    if (this.total >= IN_ALL) throw new Refusal('busy', details);
    this.taken.set(personId, own + 1);
    this.total += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.release(personId);
      isTaken = false;
    };
  }

  /** People with a running export. */
  get people(): number {
    return this.taken.size;
  }

  private release(personId: string): void {
    const left = (this.taken.get(personId) ?? 1) - 1;
    if (left === 0) this.taken.delete(personId);
    else this.taken.set(personId, left);
    this.total -= 1;
  }
}
