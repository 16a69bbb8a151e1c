/** As many deleted messages are counted behind a mark. */
const MOST_GONE = 100;

/** A conversation as its reader is to find it: which numbers count, and one mark. */
export class UnreadModel {
  head = 0;
  read = 0;
  /** The first number that the reader may see; null while the reader is not in it. */
  from: number | null;
  /** Where the mark stood since it was last known to be on disk. */
  private possible = new Set([0]);
  private readonly messages: number[] = [];
  private readonly gone = new Set<number>();
  /** Messages of somebody who may change them, the latest last, and not deleted. */
  readonly others: number[] = [];

  constructor(
    /** As frames name it: a room, or `@` and a person. */
    readonly name: string,
    readonly history: 'all' | 'joined' = 'all',
    isOpen = true,
  ) {
    this.from = isOpen ? 1 : null;
  }

  get isInside(): boolean {
    return this.from !== null;
  }

  get n(): number {
    return this.messages.length;
  }

  get unread(): number {
    const behind = (seqs: Iterable<number>) => [...seqs].filter((seq) => seq > this.read).length;
    return behind(this.messages) - Math.min(MOST_GONE, behind(this.gone));
  }

  /** How frames and calls name it. */
  get place(): { readonly room: string } | { readonly to: string } {
    return this.name.startsWith('@') ? { to: this.name.slice(1) } : { room: this.name };
  }

  /** How calls of the reader name it, or of the one who writes. */
  pathFor(isReader: boolean): string {
    if (!this.name.startsWith('@')) return `/rooms/${this.name}`;
    return `/direct/${isReader ? this.name.slice(1) : 'reader'}`;
  }

  /** @returns its number */
  say(): number {
    this.messages.push(++this.head);
    return this.head;
  }

  /** Something that nobody counts. @returns its number */
  happen(): number {
    return ++this.head;
  }

  /** A message of somebody else goes: its number counts, and is nothing to read. */
  delete(seq: number): void {
    this.happen();
    this.gone.add(seq);
    this.others.splice(this.others.indexOf(seq), 1);
  }

  join(): void {
    const seq = this.happen();
    this.from = this.history === 'joined' ? seq : 1;
    this.moveTo(seq);
    this.kept();
  }

  part(): void {
    this.happen();
    this.from = null;
  }

  /** @returns whether the mark moves */
  forward(seq: number): boolean {
    const next = Math.min(seq, this.head);
    if (next <= this.read) return false;
    this.moveTo(next);
    return true;
  }

  back(firstUnread: number): void {
    this.moveTo(Math.min(Math.max(firstUnread, this.from ?? 1) - 1, this.head));
    this.kept();
  }

  /** The mark is on disk. */
  kept(): void {
    this.possible = new Set([this.read]);
  }

  /** A crash has left this. @returns whether that can be */
  left(read: number): boolean {
    if (!this.possible.has(read)) return false;
    this.read = read;
    this.kept();
    return true;
  }

  private moveTo(seq: number): void {
    this.read = seq;
    this.possible.add(seq);
  }
}
