import { partnerOf } from '@parley/client';
import type { ComponentProps } from 'preact';
import type { AddressBar, Overlay } from '../chat/address-bar.js';
import type { Chat } from '../chat/chat.js';
import { ConnectionBanner, statusText } from '../chat/connection-status.js';
import { Icon } from '../chat/icon.js';
import { lazyDialog } from '../chat/lazy-dialog.js';
import { placeName } from '../chat/place-name.js';
import { isRoom } from '../chat/rooms.js';
import { texts } from '../language/language.js';
import { lazy } from '../lazy.js';
import { Avatar } from '../people/avatar.js';
import { Composer } from './composer.js';
import { MessageLog } from './message-log.js';

const DownloadDialog = lazyDialog(
  async () => (await import('../download/download-dialog.js')).DownloadDialog,
);

const Outside = lazy(async () => (await import('../rooms/outside.js')).Outside, {
  Before: () => null,
  Failed: () => <p class="composer-notice">{texts.value.partFailed}</p>,
});

interface ConversationViewProps {
  readonly chat: Chat;
  readonly address: AddressBar;
  /** The sidebar lies over it. */
  readonly isCovered: boolean;
}

/** The conversation that is being looked at. */
export function ConversationView({ chat, address, isCovered }: ConversationViewProps) {
  const partner = partnerOf(chat.active.value);
  return (
    <main class="conversation" inert={isCovered} data-private={partner !== null}>
      <ConversationHeader chat={chat} address={address} />
      <ConnectionBanner chat={chat} />
      <MessageLog chat={chat} log={chat.log.value} />
      {chat.rooms.outside.value.has(chat.active.value) ? (
        <Outside chat={chat} room={chat.active.value} />
      ) : (
        <Composer key={editedIn(chat)} chat={chat} conversation={chat.active.value} />
      )}
    </main>
  );
}

/** Whoever edits has another text before them, and gets back what they had begun. */
function editedIn({ acts }: Chat): number | null {
  const writing = acts.writing.value;
  return writing?.kind === 'edit' ? writing.message.seq : null;
}

function ConversationHeader({ chat, address }: { chat: Chat; address: AddressBar }) {
  const words = texts.value;
  const conversation = chat.active.value;
  const partner = partnerOf(conversation);
  const unreadElsewhere = chat.marks.total.value - chat.marks.unread(conversation);
  return (
    <header class="conversation-head">
      <MenuButton unread={unreadElsewhere} address={address} />
      {partner === null ? (
        <span class="avatar place">
          <Icon name="everybody" />
        </span>
      ) : (
        <Avatar name={partner} online={chat.people.presenceOf(partner) === 'online'} />
      )}
      <div class="conversation-title">
        <h1 tabIndex={-1}>
          <bdi>{placeName(chat, conversation)}</bdi>
          {partner !== null && <Icon name="lock" />}
        </h1>
        <p>{subtitle(chat)}</p>
      </div>
      <HeadButton icon="search" label={words.searchMessages} address={address} opens="search" />
      <HeadButton icon="pin" label={words.pins} address={address} opens="pins" />
      {chat.rooms.find(conversation) && (
        <HeadButton icon="people" label={words.roomMembers} address={address} opens="members" />
      )}
      <HeadButton icon="download" label={words.download} address={address} opens="download" />
      {address.overlay.value === 'download' && (
        <DownloadDialog
          chat={chat}
          conversation={conversation}
          onDone={() => {
            address.clear();
          }}
        />
      )}
    </header>
  );
}

interface HeadButtonProps {
  readonly icon: ComponentProps<typeof Icon>['name'];
  readonly label: string;
  readonly address: AddressBar;
  readonly opens: Overlay;
}

function HeadButton({ icon, label, address, opens }: HeadButtonProps) {
  return (
    <button
      class="plain"
      type="button"
      aria-label={label}
      title={label}
      onClick={() => {
        address.lay(opens);
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

function MenuButton({ unread, address }: { unread: number; address: AddressBar }) {
  const words = texts.value;
  return (
    <button
      class="plain menu"
      type="button"
      aria-label={unread > 0 ? `${words.openMenu}, ${words.unread(unread)}` : words.openMenu}
      onClick={() => {
        address.lay('menu');
      }}
    >
      <Icon name="menu" />
      {unread > 0 && <span class="dot" />}
    </button>
  );
}

/** Who is typing; or who can read it and who is there, or why that is not known. */
function subtitle(chat: Chat): string {
  const words = texts.value;
  const conversation = chat.active.value;
  const partner = partnerOf(conversation);
  const told = partner === null ? null : chat.people.presenceOf(partner);
  if (partner !== null && told !== 'online' && chat.logs.nobody.value.has(conversation)) {
    return words.noSuchPerson;
  }
  const { people, total } = chat.typing.of(conversation);
  if (total > 0) return words.typing(people[0]?.username ?? '', total);
  const isKnown = chat.people.isKnown.value;
  const connection = chat.state.value.name === 'online' ? words.loading : statusText(chat);
  if (isRoom(conversation)) return isKnown ? words.room : connection;
  if (partner === null) return isKnown ? words.onlineCount(chat.people.count) : connection;
  const presence = told === null ? null : told === 'online' ? words.online : words.notOnline;
  return [words.private, presence ?? (isKnown ? null : connection)]
    .filter((part) => part !== null)
    .join(' · ');
}
