/** A touch keyboard would cover half of the page if the focus went to a field by itself. */
export const HAS_KEYBOARD = window.matchMedia('(hover: hover) and (pointer: fine)');

/**
 * Whoever works with the keyboard loses their place when what has the focus goes away, as a button
 * does that has done its work: the browser begins again at the top. It is given to the field to
 * write in then, or to the title of what is shown.
 */
export function keepFocus(root: HTMLElement): void {
  let last: Element | null = null;
  root.addEventListener('focusin', (event) => {
    last = event.target instanceof Element ? event.target : null;
  });
  root.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget !== null) return;
    queueMicrotask(() => {
      // Somebody clicked beside it: that is their wish.
      if (target instanceof Element && target.isConnected && target === last) last = null;
    });
  });
  new MutationObserver(() => {
    if (document.activeElement !== document.body || last?.isConnected !== false) return;
    last = null;
    placeToGoOn(root)?.focus();
  }).observe(root, { childList: true, subtree: true });
}

/** Where somebody goes on: the field to write in, or the title of what is shown. */
export function placeToGoOn(root: ParentNode): HTMLElement | null {
  const field = HAS_KEYBOARD.matches ? root.querySelector<HTMLElement>('main #composer') : null;
  return field ?? root.querySelector<HTMLElement>('main h1');
}
