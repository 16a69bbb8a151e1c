/** Everything that must not happen, and what it means. */
export const FAULTS = {
  lost: 'acknowledged or delivered, and not in the history',
  duplicated: 'twice in the history',
  moved: 'one message with two ids or numbers',
  altered: 'a message that nobody sent so',
  gap: 'a number that is missing in a history or in what a client got',
  repeated: 'delivered once more to a client that was in sync',
  reordered: 'stored in another order than its connection sent it',
  resurrected:
    'a text that was deleted, told to somebody who asked afterwards, or found at the end',
  beyond: 'told of a room above the own Part, or of what was said before the own Join',
  outside: 'said in a room by somebody who was not in it',
  unread: 'a mark, or what is unread, that is not what the ledger has',
  refused: 'rejected, or cut off by the service',
  stuck: 'no answer, or not caught up, when all was quiet',
} as const;

export type Fault = keyof typeof FAULTS;

const MOST_EXAMPLES = 10;

/** Counts what must not happen, and keeps a few examples of each. */
export class Faults {
  private readonly counts = new Map<Fault, number>();
  private readonly kept = new Map<Fault, Set<string>>();

  note(fault: Fault, what: string): void {
    this.counts.set(fault, this.count(fault) + 1);
    const examples = this.kept.get(fault) ?? new Set();
    if (examples.size < MOST_EXAMPLES) this.kept.set(fault, examples.add(what));
  }

  count(fault: Fault): number {
    return this.counts.get(fault) ?? 0;
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  examples(fault: Fault): readonly string[] {
    return [...(this.kept.get(fault) ?? [])];
  }
}
