/** Gathers what comes, and hands it on at most once in a while, in the order in which it came. */
export class Batch<Item> {
  private items: Item[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** @param pause milliseconds from the first item to the handing on */
  constructor(
    private readonly pause: number,
    private readonly take: (items: readonly Item[]) => void,
  ) {}

  add(item: Item): void {
    this.items.push(item);
    this.timer ??= setTimeout(() => {
      const { items } = this;
      this.items = [];
      this.timer = null;
      this.take(items);
    }, this.pause);
  }

  /** Forgets what was not handed on. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.items = [];
  }
}
