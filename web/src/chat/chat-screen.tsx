import { useEffect, useState } from 'preact/hooks';
import { ConversationView } from '../conversation/conversation-view.js';
import { texts } from '../language/language.js';
import { Announcer } from './announcer.js';
import type { Chat } from './chat.js';
import { Sidebar } from './sidebar.js';

/** Below this width the sidebar lies over the conversation; the style sheet says the same. */
const NARROW = window.matchMedia('(width < 52rem)');

export function ChatScreen({ chat }: { chat: Chat }) {
  const isNarrow = useMedia(NARROW);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const isCovered = isNarrow && isMenuOpen;
  const close = (): void => {
    setMenuOpen(false);
  };
  useTitle(chat);
  useEscape(isCovered, close);
  return (
    <div class="chat" data-menu={isCovered ? 'open' : undefined}>
      <a class="skip" href="#composer">
        {texts.value.skip}
      </a>
      <Sidebar chat={chat} isHidden={isNarrow && !isMenuOpen} isOver={isCovered} onDone={close} />
      <ConversationView
        key={chat.active.value}
        chat={chat}
        isCovered={isCovered}
        onMenu={() => {
          setMenuOpen(true);
        }}
      />
      <Announcer announcements={chat.announcements} />
    </div>
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

function useTitle(chat: Chat): void {
  const unread = chat.marks.total.value;
  useEffect(() => {
    document.title = unread > 0 ? `(${String(unread)}) Parley` : 'Parley';
  }, [unread]);
}

function useEscape(isActive: boolean, close: () => void): void {
  useEffect(() => {
    if (!isActive) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [isActive]);
}
