/** A histogram: counts of values between given bounds, and their sum. */
export class Distribution {
  private readonly counts: number[];
  private total = 0;

  /**
   * @param bounds ascending upper bounds; a value counts under the first that it does not exceed
   */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(figure: number): void {
    let at = 0;
    while (at < this.bounds.length && figure > (this.bounds[at] ?? Infinity)) at++;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.total += figure;
  }

  /** For each bound, how many values did not exceed it; last, how many there were. */
  cumulative(): readonly number[] {
    let sum = 0;
    return this.counts.map((count) => (sum += count));
  }

  get sum(): number {
    return this.total;
  }
}
