import { useEffect, useMemo, useState } from 'preact/hooks';
import { ConversationView } from '../conversation/conversation-view.js';
import { placeToGoOn } from '../focus-keeper.js';
import { texts } from '../language/language.js';
import { AddressBar } from './address-bar.js';
import { Announcer } from './announcer.js';
import type { Chat } from './chat.js';
import { warnBeforeClosing } from './leave-warning.js';
import { lazyDialog } from './lazy-dialog.js';
import { placeName } from './place-name.js';
import { listenForShortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';

const HelpDialog = lazyDialog(async () => (await import('./help-dialog.js')).HelpDialog);
const LeaveDialog = lazyDialog(async () => (await import('./leave-dialog.js')).LeaveDialog);
const RoomsDialog = lazyDialog(async () => (await import('../rooms/rooms-dialog.js')).RoomsDialog);
const MembersDialog = lazyDialog(
  async () => (await import('../rooms/members-dialog.js')).MembersDialog,
);

const SearchDialog = lazyDialog(
  async () => (await import('../search/search-dialog.js')).SearchDialog,
);
const PinsDialog = lazyDialog(async () => (await import('../pins/pins-dialog.js')).PinsDialog);
const ThreadDialog = lazyDialog(
  async () => (await import('../threads/thread-dialog.js')).ThreadDialog,
);

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
  const thread = useThread(chat, address);
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
      {overlay === 'rooms' && <RoomsDialog chat={chat} onDone={clear} />}
      {overlay === 'members' && <MembersDialog chat={chat} onDone={clear} />}
      {overlay === 'search' && <SearchDialog chat={chat} onDone={clear} />}
      {overlay === 'pins' && <PinsDialog chat={chat} onDone={clear} />}
      {overlay === 'thread' && thread !== null && (
        <ThreadDialog key={thread} chat={chat} root={thread} onDone={clear} />
      )}
      {overlay === 'leave' && <LeaveDialog chat={chat} onDone={clear} />}
      <Announcer chat={chat} />
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

/** A thread that is opened anywhere lies over the conversation. */
function useThread(chat: Chat, address: AddressBar): number | null {
  const thread = chat.acts.thread.value;
  const overlay = address.overlay.value;
  useEffect(() => {
    if (thread !== null) address.lay('thread');
  }, [thread]);
  useEffect(() => {
    // Forward, in the browser's history, to a thread that nobody knows any more.
    if (overlay === 'thread' && chat.acts.thread.peek() === null) address.clear();
    if (overlay !== 'thread') chat.acts.thread.value = null;
  }, [overlay]);
  return thread;
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
  const place = placeName(chat, chat.active.value);
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
