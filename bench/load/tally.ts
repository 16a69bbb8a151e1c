/**
 * What a member has received, or should have, as a fingerprint: the count of numbers, their sum and
 * a sum of their hashes. Equal tallies hold the same numbers equally often, but for a chance of one
 * in 2^60.
 */
export class Tally {
  count = 0;
  private sum = 0;
  private hash = 0;

  add(number: number): void {
    this.count += 1;
    this.sum = (this.sum + number) | 0;
    this.hash = (this.hash + Math.imul(number ^ (number >>> 7), 0x9e3779b1)) | 0;
  }

  equals(other: Tally): boolean {
    return this.count === other.count && this.sum === other.sum && this.hash === other.hash;
  }
}
