import { type Conversation, LOBBY } from '@parley/client';
import { effect, signal } from '@preact/signals';
import { conversationIn, fragmentOf } from './address.js';
import type { Names } from './names.js';

/** What lies over the conversation, one at a time. */
const OVERLAYS = [
  ...(['menu', 'download', 'help', 'leave', 'rooms', 'members'] as const),
  ...(['search', 'pins', 'thread'] as const),
] as const;
export type Overlay = (typeof OVERLAYS)[number];

/** What the address bar needs of the chat. */
interface Shown {
  readonly active: { readonly value: Conversation };
  readonly show: (conversation: Conversation) => void;
  readonly names: Pick<Names, 'of'>;
}

/**
 * Keeps the browser's address and history in step with what is shown. A conversation is an entry of
 * the history, and so is what lies over it, so that Back closes that first: nobody who wants to be
 * rid of a menu leaves the chat.
 */
export class AddressBar {
  readonly overlay = signal<Overlay | null>(null);
  /** A way back that was asked for arrives later; until then the history cannot be written. */
  private isReturning = false;
  private stop: () => void = () => undefined;

  constructor(private readonly shown: Shown) {}

  /** Begins with what is shown; the entry that the page was opened with becomes its own. */
  open(): () => void {
    write('replaceState', this.shown.active.value, null);
    const unfollow = effect(() => {
      this.follow(this.shown.active.value, this.overlay.value);
    });
    const onPop = (): void => {
      this.arrive();
    };
    window.addEventListener('popstate', onPop);
    this.stop = () => {
      unfollow();
      window.removeEventListener('popstate', onPop);
    };
    return this.stop;
  }

  lay(overlay: Overlay): void {
    this.overlay.value = overlay;
  }

  /** Takes away what lies over the conversation. */
  clear(): void {
    this.overlay.value = null;
  }

  private follow(active: Conversation, overlay: Overlay | null): void {
    if (this.isReturning) return;
    const under = standing();
    const isThere = conversationIn(location.hash) === active;
    if (isThere && under === overlay) return;
    if (isThere && overlay === null) {
      this.isReturning = true;
      history.back();
    } else if (under !== null || this.isOtherSpelling(active)) {
      write('replaceState', active, overlay);
    } else {
      write('pushState', active, overlay);
    }
  }

  private arrive(): void {
    if (this.isReturning) {
      this.isReturning = false;
      this.follow(this.shown.active.value, this.overlay.value);
      return;
    }
    const wanted = conversationIn(location.hash);
    this.overlay.value = standing();
    if (wanted === null) write('replaceState', this.shown.active.value, this.overlay.value);
    else this.shown.show(wanted);
    if (this.isOtherSpelling(this.shown.active.value)) {
      write('replaceState', this.shown.active.value, this.overlay.value);
    }
  }

  private isOtherSpelling(active: Conversation): boolean {
    const written = conversationIn(location.hash);
    return written !== null && written !== active && this.shown.names.of(written) === active;
  }
}

/** The conversation that a link to the page names. */
export function linkedConversation(): Conversation {
  return conversationIn(location.hash) ?? LOBBY;
}

/** Whoever comes next learns from the address nothing of whom the last one talked to. */
export function forgetAddress(): void {
  history.replaceState(null, '', location.pathname + location.search);
}

function write(
  how: 'pushState' | 'replaceState',
  conversation: Conversation,
  overlay: Overlay | null,
): void {
  history[how]({ overlay }, '', fragmentOf(conversation));
}

/** What lies over the conversation by the entry of the history that the page is at. */
function standing(): Overlay | null {
  const { overlay } = Object(history.state) as { readonly overlay?: unknown };
  return OVERLAYS.find((one) => one === overlay) ?? null;
}
