import type { Follow } from './follow.js';

export interface ScrollWishes {
  readonly follow: Follow;
  /** Nothing newer exists than what is shown. */
  readonly isWhole: () => boolean;
  /** Something is shown, and nothing is being loaded. */
  readonly isLoaded: () => boolean;
  /** The view was scrolled or laid out; `seq`: the newest message in it, null: none. */
  readonly seen: (seq: number | null) => void;
  readonly nearStart: () => void;
  readonly nearEnd: () => void;
}

/** Pixels before an end of what is loaded at which more is asked for. */
const NEAR_PX = 600;
/** What was read is shown above the line before what is new, so far. */
const CONTEXT_PX = 72;

/**
 * Keeps what is being read where it is while lines come in above and below, or go. Browsers that
 * do this themselves do it differently, or not at all; the style sheet switches theirs off.
 */
export class ScrollKeeper {
  private anchor: { readonly row: Element; readonly top: number } | null = null;
  private readonly sizes: ResizeObserver;
  private readonly onScroll = (): void => {
    this.see();
    this.remember();
    this.report();
  };

  /** @param list the lines in the box */
  constructor(
    private readonly box: HTMLElement,
    private readonly list: HTMLElement,
    private readonly wishes: ScrollWishes,
  ) {
    box.addEventListener('scroll', this.onScroll, { passive: true });
    // Runs between layout and paint: a view that follows is never painted off its end.
    this.sizes = new ResizeObserver(() => {
      this.restore();
    });
    this.sizes.observe(box);
    this.sizes.observe(list);
  }

  stop(): void {
    this.sizes.disconnect();
    this.box.removeEventListener('scroll', this.onScroll);
  }

  /** After each change of the lines, and of the sizes. */
  restore(): void {
    const { follow, isWhole } = this.wishes;
    this.see();
    if (follow.mode === 'seeking') this.seek();
    if (follow.mode === 'following' && isWhole()) {
      this.box.scrollTop = this.box.scrollHeight;
      follow.placed(this.box.scrollTop);
    } else if (this.anchor?.row.isConnected === true) {
      this.box.scrollTop += this.topOf(this.anchor.row) - this.anchor.top;
    }
    this.remember();
    this.report();
  }

  private see(): void {
    const end = this.box.scrollHeight - this.box.clientHeight;
    this.wishes.follow.see({ top: this.box.scrollTop, end }, this.wishes.isWhole());
  }

  private seek(): void {
    const { follow, isLoaded } = this.wishes;
    if (!isLoaded()) return;
    const { sought } = follow;
    const wanted = sought === null ? '.unread-mark' : `[data-seq="${String(sought)}"]`;
    const row = this.list.querySelector(wanted);
    // Nothing new by anybody else.
    if (row === null) {
      follow.follow();
      return;
    }
    this.box.scrollTop += this.topOf(row) - (sought === null ? CONTEXT_PX : this.middleFor(row));
    this.anchor = null;
    follow.found();
    this.see();
    if (sought !== null) point(row);
  }

  /** Where a row begins that stands in the middle. */
  private middleFor(row: Element): number {
    const space = this.box.clientHeight - row.getBoundingClientRect().height;
    return Math.max(CONTEXT_PX, space / 2);
  }

  private report(): void {
    this.wishes.seen(this.newestSeen());
    if (this.box.scrollTop < NEAR_PX) this.wishes.nearStart();
    const below = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight;
    if (below < NEAR_PX) this.wishes.nearEnd();
  }

  /** Holds on to the first message that is seen. */
  private remember(): void {
    const row = messageFrom(this.list.children[this.firstBelow(0)]);
    this.anchor = row === undefined ? null : { row, top: this.topOf(row) };
  }

  /** The number of the last message that is seen whole, or nearly. */
  private newestSeen(): number | null {
    let row: Element | null | undefined =
      this.list.children[this.firstBelow(this.box.clientHeight)];
    const isCut = row !== undefined && this.bottomOf(row) > this.box.clientHeight;
    if (isCut) row = row?.previousElementSibling;
    while (row && !row.hasAttribute('data-seq')) row = row.previousElementSibling;
    const isAbove = row && this.bottomOf(row) <= 0;
    return row && !isAbove ? Number(row.getAttribute('data-seq')) : null;
  }

  /** The index of the first line that ends below `y` pixels of the box; the last, where none does. */
  private firstBelow(y: number): number {
    const rows = this.list.children;
    let low = 0;
    let high = Math.max(0, rows.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row !== undefined && this.bottomOf(row) <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private topOf(row: Element): number {
    return row.getBoundingClientRect().top - this.box.getBoundingClientRect().top;
  }

  private bottomOf(row: Element): number {
    return row.getBoundingClientRect().bottom - this.box.getBoundingClientRect().top;
  }
}

/** Shows which one was meant, and has whoever works with keys go on from there. */
function point(row: Element): void {
  row.querySelector<HTMLElement>('.more')?.focus({ preventScroll: true });
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (!still) row.animate([{ background: 'var(--notice-wash)' }, {}], 2_400);
}

/** A date or a notice may go when lines come in above it; messages stay. */
function messageFrom(row: Element | undefined): Element | undefined {
  let next: Element | null | undefined = row;
  while (next && !next.matches('.message')) next = next.nextElementSibling;
  return next ?? row;
}
