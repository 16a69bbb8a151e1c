/** Latest events that a room may keep: some minutes of a busy one, what a short absence misses. */
const MOST_IN_ONE = 1_000;
/** Those that rooms may keep as they come; as many again are for shares. */
const MOST_IN_ALL = 25_000;

/**
 * How many of their latest events the rooms of a node may keep. A busy room keeps many while there is
 * space; once that is used up, each has the same share, and whoever has more gives way bit by bit.
 * All together they keep no more than twice `inAll`, and one a room.
 */
export class RecentMemory {
  private kept = 0;
  private rooms = 0;

  constructor(
    private readonly inOne = MOST_IN_ONE,
    private readonly inAll = MOST_IN_ALL,
  ) {}

  /** A room has been opened. */
  open(): void {
    this.rooms++;
  }

  close(): void {
    this.rooms--;
  }

  /** @param change by how many more, or fewer, a room keeps */
  count(change: number): void {
    this.kept += change;
  }

  /** @returns how many a room may keep that keeps `own` */
  allows(own: number): number {
    if (this.kept <= this.inAll) return this.inOne;
    // Shares were larger while the rooms were fewer: nobody grows, not even up to a share.
    if (this.kept > 2 * this.inAll) return Math.max(1, Math.min(this.inOne, own - 2));
    const share = Math.ceil(this.inAll / Math.max(1, this.rooms));
    return Math.min(this.inOne, Math.max(share, own - 2));
  }
}
