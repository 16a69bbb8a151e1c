import { useEffect, useRef } from 'preact/hooks';
import { type Conversation, LOBBY, partnerOf } from '../../../client/conversation.js';
import { LanguageSwitch } from '../language/language-switch.js';
import { texts } from '../language/language.js';
import { Avatar } from '../people/avatar.js';
import { PeopleList } from '../people/people-list.js';
import { logOut } from '../session/entry.js';
import type { Chat } from './chat.js';
import { ConnectionStatus } from './connection-status.js';
import { Icon, Logo } from './icon.js';

interface SidebarProps {
  readonly chat: Chat;
  readonly isHidden: boolean;
  /** It lies over the conversation, as on a phone. */
  readonly isOver: boolean;
  readonly onDone: () => void;
}

/** Where one can talk, who is there, and oneself. */
export function Sidebar({ chat, isHidden, isOver, onDone }: SidebarProps) {
  const words = texts.value;
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
          {isOver && (
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
        <nav aria-label={words.conversations}>
          <h2>{words.conversations}</h2>
          <ul class="entries">
            {[LOBBY, ...chat.directs.value].map((conversation) => (
              <ConversationEntry
                key={conversation}
                chat={chat}
                conversation={conversation}
                onDone={onDone}
              />
            ))}
          </ul>
        </nav>
        <PeopleList chat={chat} onDone={onDone} />
        <Me chat={chat} />
      </aside>
    </>
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
          <Avatar name={partner} online={chat.people.isOnline(partner)} />
        )}
        <bdi class="entry-name">{partner ?? words.lobby}</bdi>
        {partner !== null && <Icon name="lock" />}
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

function Me({ chat }: { chat: Chat }) {
  const words = texts.value;
  return (
    <footer class="me">
      <Avatar name={chat.self.username} />
      <bdi class="me-name">{chat.self.username}</bdi>
      <button
        class="plain"
        type="button"
        aria-label={words.logOut}
        title={words.logOut}
        onClick={() => void logOut(chat)}
      >
        <Icon name="leave" />
      </button>
      <LanguageSwitch />
    </footer>
  );
}
