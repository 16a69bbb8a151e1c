/** How often a figure was how large: counts between given bounds, and the sum of all. */
export class Distribution {
  private readonly counts: number[];
  private total = 0;

  /** @param bounds ascending; a figure falls under the first that it does not pass */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(figure: number): void {
    let at = 0;
    while (at < this.bounds.length && figure > (this.bounds[at] ?? Infinity)) at++;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.total += figure;
  }

  /** For each bound, how many figures did not pass it; at the end, how many there were. */
  cumulative(): readonly number[] {
    let sum = 0;
    return this.counts.map((count) => (sum += count));
  }

  get sum(): number {
    return this.total;
  }
}
