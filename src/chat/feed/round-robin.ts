/** Round-robin, with urgent items first. */
export class RoundRobin<Item> {
  private round: IterableIterator<Item> | null = null;

  constructor(private readonly all: () => IterableIterator<Item>) {}

  /** @returns the next items, at most `most`; none comes twice before all have come once */
  next(urgent: Set<Item>, most: number): readonly Item[] {
    const chunk: Item[] = [];
    for (const item of urgent) {
      if (chunk.length >= most) return chunk;
      urgent.delete(item);
      chunk.push(item);
    }
    this.round ??= this.all();
    while (chunk.length < most) {
      const next = this.round.next();
      if (next.done === true) {
        this.round = null;
        return chunk;
      }
      chunk.push(next.value);
    }
    return chunk;
  }
}
