import { effect } from '@preact/signals';
import type { Chat } from './chat.js';

/** Keys that load the page anew, after which everything is there again: milliseconds to the end. */
const RELOAD_MS = 1_000;

/** What of somebody's would be gone with a log-out. */
export interface Losses {
  /** A guest's name. */
  readonly name: boolean;
  /** Messages that wait to be sent. */
  readonly unsent: number;
}

export function lossesAtLogOut(chat: Chat): Losses {
  const unsent = chat.outbox.value.filter((entry) => entry.state !== 'sent').length;
  return { name: chat.guest !== null, unsent };
}

/**
 * Has the browser ask before the tab is closed, while there is something that would be gone.
 * @returns ends it
 */
export function warnBeforeClosing(chat: Chat): () => void {
  let reloadedAt = -RELOAD_MS;
  const onKey = (event: KeyboardEvent): void => {
    const isReload = event.key === 'F5' || (event.key === 'r' && (event.ctrlKey || event.metaKey));
    if (isReload) reloadedAt = performance.now();
  };
  const warn = (event: BeforeUnloadEvent): void => {
    if (performance.now() - reloadedAt > RELOAD_MS) event.preventDefault();
  };
  // Only while it is needed: a page with such a listener is not kept for the way back.
  const stop = effect(() => {
    const losesName = chat.guest?.goesWithTab === true && chat.guest.isKnown.value;
    if (losesName || lossesAtLogOut(chat).unsent > 0) addEventListener('beforeunload', warn);
    else removeEventListener('beforeunload', warn);
  });
  document.addEventListener('keydown', onKey);
  return () => {
    stop();
    removeEventListener('beforeunload', warn);
    document.removeEventListener('keydown', onKey);
  };
}
