import { signal } from '@preact/signals';

/**
 * `following`: the view stays at the end, whatever comes. `reading`: it stays where the reader is.
 * `seeking`: it goes to what is {@link Follow.sought} once that is there.
 */
export type FollowMode = 'following' | 'reading' | 'seeking';

/** Where a scrolled view is, in pixels: `end` is the largest `top` that there is. */
export interface ScrollPosition {
  readonly top: number;
  readonly end: number;
}

/** Browsers round `scrollTop`, `scrollHeight` and `clientHeight`, each by itself. */
const ROUNDING_PX = 2;

/**
 * Whether the view of a log follows the end. Following ends in one way only: somebody scrolls up.
 * That is told from a change of the layout by arithmetic instead of by events, which come late on
 * a busy machine and leave out find-in-page and screen readers. Layout moves a view only where it
 * was beyond the new end; so a view above both where the page put it and the end was moved by the
 * reader.
 */
export class Follow {
  private readonly current = signal<FollowMode>('following');
  /** The `top` that the page itself set or last saw; null: not yet, since following began. */
  private expected: number | null = null;
  private wanted: number | null = null;

  /** Whoever reads it in a component is drawn again when it changes. */
  get mode(): FollowMode {
    return this.current.value;
  }

  /** Goes to the end and stays there: after sending, after a jump to the latest. */
  follow(): void {
    this.expected = null;
    this.current.value = 'following';
  }

  /** The number of a message; null: the line before the first unread one. */
  get sought(): number | null {
    return this.wanted;
  }

  /** Waits for a message; null: for the line before the first unread one. */
  seek(wanted: number | null = null): void {
    this.wanted = wanted;
    this.current.value = 'seeking';
  }

  /** It is in the view, put there by the page. */
  found(): void {
    this.current.value = 'reading';
  }

  /** The page itself has put the view at `top`. */
  placed(top: number): void {
    this.expected = top;
  }

  /**
   * Judges where the view is, after it was scrolled or laid out anew.
   * @param isWhole nothing newer exists than what is shown
   */
  see({ top, end }: ScrollPosition, isWhole: boolean): void {
    const mode = this.current.peek();
    if (mode === 'following') {
      const expected = Math.min(this.expected ?? top, end);
      if (top < expected - ROUNDING_PX) this.current.value = 'reading';
      else this.expected = top;
    } else if (mode === 'reading' && isWhole && top >= end - ROUNDING_PX) {
      this.follow();
    }
  }
}
