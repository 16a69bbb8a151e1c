import { partnerOf } from '@parley/client';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { ConversationView } from '../conversation/conversation-view.js';
import { placeToGoOn } from '../focus-keeper.js';
import { texts } from '../language/language.js';
import { AddressBar } from './address-bar.js';
import { Announcer } from './announcer.js';
import type { Chat } from './chat.js';
import { HelpDialog } from './help-dialog.js';
import { LeaveDialog } from './leave-dialog.js';
import { warnBeforeClosing } from './leave-warning.js';
import { listenForShortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';

/** Below this width the sidebar lies over the conversation; the style sheet says the same. */
const NARROW = window.matchMedia('(width < 52rem)');

export function ChatScreen({ chat }: { chat: Chat }) {
  const address = useMemo(() => new AddressBar(chat), [chat]);
  const isNarrow = useMedia(NARROW);
  const overlay = address.overlay.value;
  const isCovered = isNarrow && overlay === 'menu';
  const clear = (): void => {
    address.clear();
  };
  useTitle(chat);
  useFocusAfterMenu(chat, isCovered);
  useEffect(() => address.open(), [address]);
  useEffect(() => listenForShortcuts(chat, address), [address]);
  useEffect(() => warnBeforeClosing(chat), [chat]);
  return (
    <div class="chat" data-menu={isCovered ? 'open' : undefined}>
      <SkipLink />
      <Sidebar
        chat={chat}
        address={address}
        isHidden={isNarrow && overlay !== 'menu'}
        isOver={isCovered}
      />
      <ConversationView
        key={chat.active.value}
        chat={chat}
        address={address}
        isCovered={isCovered}
      />
      {overlay === 'help' && <HelpDialog onDone={clear} />}
      {overlay === 'leave' && <LeaveDialog chat={chat} onDone={clear} />}
      <Announcer announcements={chat.announcements} />
    </div>
  );
}

/** The address names the conversation, so that this link must not change it. */
function SkipLink() {
  return (
    <a
      class="skip"
      href="#composer"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('composer')?.focus();
      }}
    >
      {texts.value.skip}
    </a>
  );
}

function useMedia(query: MediaQueryList): boolean {
  const [matches, setMatches] = useState(query.matches);
  useEffect(() => {
    const update = (): void => {
      setMatches(query.matches);
    };
    query.addEventListener('change', update);
    return () => {
      query.removeEventListener('change', update);
    };
  }, [query]);
  return matches;
}

/** The tab says where one is, and how much is unread. */
function useTitle(chat: Chat): void {
  const unread = chat.marks.total.value;
  const place = partnerOf(chat.active.value) ?? texts.value.lobby;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${String(unread)}) ` : ''}${place} – Parley`;
  }, [unread, place]);
}

/** The menu takes the focus with it when it goes: back to its button, or on to what was chosen. */
function useFocusAfterMenu(chat: Chat, isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const before = chat.active.peek();
    return () => {
      const has = document.activeElement;
      const isLost = has === null || has === document.body || has.closest('.sidebar') !== null;
      if (!isLost) return;
      const opener = document.querySelector<HTMLElement>('button.menu');
      (chat.active.peek() === before ? opener : placeToGoOn(document))?.focus();
    };
  }, [isOpen]);
}
