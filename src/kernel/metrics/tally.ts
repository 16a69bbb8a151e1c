/** Counts every kind without a counter of its own. */
const OTHER = 'other';

/** Counts by the values of one label. */
export interface Labelled {
  readonly label: string;
  read(): ReadonlyMap<string, number>;
}

/**
 * Counts by kind. The kinds are fixed at construction and all others count as one, so that nothing
 * a client sends can add a kind.
 */
export class Tally<Kind extends string | number = string> implements Labelled {
  private readonly counts: Map<Kind | typeof OTHER, number>;

  /** @param label what the kinds are, such as `code` */
  constructor(
    readonly label: string,
    kinds: Iterable<Kind>,
  ) {
    this.counts = new Map([...kinds].map((kind) => [kind, 0]));
  }

  count(kind: Kind, by = 1): void {
    const known = this.counts.get(kind);
    if (known !== undefined) this.counts.set(kind, known + by);
    else this.counts.set(OTHER, (this.counts.get(OTHER) ?? 0) + by);
  }

  read(): ReadonlyMap<string, number> {
    return new Map([...this.counts].map(([kind, count]) => [String(kind), count]));
  }
}
