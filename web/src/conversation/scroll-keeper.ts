export interface ScrollWishes {
  /** The reader stays at the end, whatever comes. */
  readonly isFollowing: () => boolean;
  readonly moved: (isAtEnd: boolean) => void;
  readonly nearStart: () => void;
  readonly nearEnd: () => void;
}

/** Pixels from the end that still count as there. */
const END_PX = 40;
/** Pixels before an end of what is loaded at which more is asked for. */
const NEAR_PX = 600;

/**
 * Keeps what is being read where it is while lines come in above and below, or go. Browsers that
 * do this themselves do it differently, or not at all; the style sheet switches theirs off.
 */
export class ScrollKeeper {
  private anchor: { readonly row: Element; readonly top: number } | null = null;
  private readonly sizes: ResizeObserver;
  private readonly onScroll = (): void => {
    this.remember();
    this.wishes.moved(this.isAtEnd());
    this.askForMore();
  };

  constructor(
    private readonly box: HTMLElement,
    private readonly wishes: ScrollWishes,
  ) {
    box.addEventListener('scroll', this.onScroll, { passive: true });
    this.sizes = new ResizeObserver(() => {
      this.restore();
    });
    this.sizes.observe(box);
  }

  stop(): void {
    this.sizes.disconnect();
    this.box.removeEventListener('scroll', this.onScroll);
  }

  /** After each change of the lines. */
  restore(): void {
    if (this.wishes.isFollowing()) this.box.scrollTop = this.box.scrollHeight;
    else if (this.anchor?.row.isConnected === true) {
      this.box.scrollTop += this.topOf(this.anchor.row) - this.anchor.top;
    }
    this.remember();
    this.askForMore();
  }

  toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight;
    this.remember();
  }

  private isAtEnd(): boolean {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < END_PX;
  }

  private askForMore(): void {
    if (this.box.scrollTop < NEAR_PX) this.wishes.nearStart();
    const below = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    if (below < NEAR_PX) this.wishes.nearEnd();
  }

  /** Holds on to the first message that is seen. */
  private remember(): void {
    const rows = this.box.querySelector('ol')?.children;
    if (rows === undefined) return;
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row !== undefined && row.getBoundingClientRect().bottom <= this.boxTop())
        low = middle + 1;
      else high = middle;
    }
    const row = messageFrom(rows[low]);
    this.anchor = row === undefined ? null : { row, top: this.topOf(row) };
  }

  private topOf(row: Element): number {
    return row.getBoundingClientRect().top - this.boxTop();
  }

  private boxTop(): number {
    return this.box.getBoundingClientRect().top;
  }
}

/** A date or a notice may go when lines come in above it; messages stay. */
function messageFrom(row: Element | undefined): Element | undefined {
  let next: Element | null | undefined = row;
  while (next && !next.matches('.message')) next = next.nextElementSibling;
  return next ?? row;
}
