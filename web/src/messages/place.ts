/** Pixels between a button and what it opened, and to the edge of the window. */
const GAP = 4;

/** Puts what a button opened beside it: above or below, where there is room, and within the window. */
export function place(shown: HTMLElement, opener: HTMLElement): void {
  const from = opener.getBoundingClientRect();
  const { width, height } = shown.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below = from.bottom + GAP;
  const top = below + height <= clientHeight - GAP ? below : from.top - GAP - height;
  const isRight = from.left > clientWidth / 2;
  const left = isRight ? from.right - width : from.left;
  shown.style.top = `${String(within(top, clientHeight - height))}px`;
  shown.style.left = `${String(within(left, clientWidth - width))}px`;
}

function within(wanted: number, most: number): number {
  return Math.max(GAP, Math.min(wanted, most - GAP));
}
