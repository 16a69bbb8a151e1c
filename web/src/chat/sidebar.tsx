import { type Conversation, LOBBY, partnerOf } from '@parley/client';
import { useEffect, useRef } from 'preact/hooks';
import { LanguageSwitch } from '../language/language-switch.js';
import { texts } from '../language/language.js';
import { Avatar } from '../people/avatar.js';
import { PeopleList } from '../people/people-list.js';
import { logOut } from '../session/entry.js';
import type { AddressBar } from './address-bar.js';
import type { Chat } from './chat.js';
import { ConnectionStatus } from './connection-status.js';
import { Icon, Logo } from './icon.js';
import { lossesAtLogOut } from './leave-warning.js';
import { placeName } from './place-name.js';
import { isRoom } from './rooms.js';
import { Skeleton } from './skeleton.js';

interface SidebarProps {
  readonly chat: Chat;
  readonly address: AddressBar;
  readonly isHidden: boolean;
  /** It lies over the conversation, as on a phone. */
  readonly isOver: boolean;
}

/** Where one can talk, who is there, and oneself. */
export function Sidebar({ chat, address, isHidden, isOver }: SidebarProps) {
  const words = texts.value;
  const onDone = (): void => {
    address.clear();
  };
  const closer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOver) closer.current?.focus();
  }, [isOver]);
  return (
    <>
      {isOver && <div class="veil" onClick={onDone} />}
      <aside class="sidebar" inert={isHidden} aria-label={words.openMenu}>
        <header class="brand">
          <Logo />
          <strong>Parley</strong>
          {(isOver || isHidden) && (
            <button
              ref={closer}
              class="plain"
              type="button"
              aria-label={words.closeMenu}
              onClick={onDone}
            >
              <Icon name="close" />
            </button>
          )}
        </header>
        <ConnectionStatus chat={chat} />
        <Conversations chat={chat} address={address} onDone={onDone} />
        <PeopleList chat={chat} onDone={onDone} />
        <Me chat={chat} address={address} />
      </aside>
    </>
  );
}

interface ConversationsProps {
  readonly chat: Chat;
  readonly address: AddressBar;
  readonly onDone: () => void;
}

function Conversations({ chat, address, onDone }: ConversationsProps) {
  const words = texts.value;
  const { list, state } = chat.directs;
  const listed = [LOBBY, ...chat.rooms.list.value.map(({ name }) => name), ...list.value];
  // One that a link led to is listed while it is open, too.
  const shown = new Set([...listed, chat.active.value]);
  return (
    <nav aria-label={words.conversations}>
      <h2>{words.conversations}</h2>
      <ul class="entries">
        {[...shown].map((conversation) => (
          <ConversationEntry
            key={conversation}
            chat={chat}
            conversation={conversation}
            onDone={onDone}
          />
        ))}
      </ul>
      <button
        class="small"
        type="button"
        onClick={() => {
          address.lay('rooms');
        }}
      >
        {words.rooms}…
      </button>
      {state.value === 'loading' && <Skeleton lines={1} />}
      {state.value === 'failed' && (
        <p class="hint">
          {words.directsFailed}{' '}
          <button class="small" type="button" onClick={() => void chat.listDirects()}>
            {words.tryAgain}
          </button>
        </p>
      )}
    </nav>
  );
}

interface EntryProps {
  readonly chat: Chat;
  readonly conversation: Conversation;
  readonly onDone: () => void;
}

function ConversationEntry({ chat, conversation, onDone }: EntryProps) {
  const words = texts.value;
  const partner = partnerOf(conversation);
  const unread = chat.marks.unread(conversation);
  return (
    <li>
      <button
        class="entry"
        type="button"
        data-private={partner !== null}
        aria-current={chat.active.value === conversation ? 'page' : undefined}
        onClick={() => {
          chat.show(conversation);
          onDone();
        }}
      >
        {partner === null ? (
          <span class="avatar place">
            <Icon name="everybody" />
          </span>
        ) : (
          <Avatar name={partner} online={chat.people.presenceOf(partner) === 'online'} />
        )}
        <span class="entry-words">
          <bdi class="entry-name">{placeName(chat, conversation)}</bdi>
          <EntryNote chat={chat} conversation={conversation} />
        </span>
        {unread > 0 && (
          <span class="badge">
            <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
            <span class="unseen">{words.unread(unread)}</span>
          </span>
        )}
      </button>
    </li>
  );
}

/** What its colours and icons say, in words. */
function EntryNote({ chat, conversation }: { chat: Chat; conversation: Conversation }) {
  const words = texts.value;
  const partner = partnerOf(conversation);
  if (partner === null) {
    const note = isRoom(conversation) ? words.room : words.forEverybody;
    return <span class="entry-note">{note}</span>;
  }
  const presence = chat.people.presenceOf(partner);
  return (
    <span class="entry-note">
      <Icon name="lock" />
      {words.private}
      {presence !== null && <> · {words.presence[presence]}</>}
    </span>
  );
}

function Me({ chat, address }: { chat: Chat; address: AddressBar }) {
  const words = texts.value;
  const leave = (): void => {
    const { name, unsent } = lossesAtLogOut(chat);
    if (name || unsent > 0) address.lay('leave');
    else void logOut(chat);
  };
  return (
    <footer class="me">
      <Avatar name={chat.self.username} />
      <span class="me-name">
        <bdi>{chat.self.username}</bdi>
        {chat.guest !== null && <span class="me-note">{words.guest}</span>}
      </span>
      <button
        class="plain"
        type="button"
        aria-label={words.shortcuts}
        title={words.shortcuts}
        onClick={() => {
          address.lay('help');
        }}
      >
        <Icon name="help" />
      </button>
      <button
        class="plain"
        type="button"
        aria-label={words.logOut}
        title={words.logOut}
        onClick={leave}
      >
        <Icon name="leave" />
      </button>
      <LanguageSwitch />
    </footer>
  );
}
