import { useState } from 'preact/hooks';
import { partnerOf } from '../../../client/conversation.js';
import type { Chat } from '../chat/chat.js';
import { ConnectionBanner } from '../chat/connection-status.js';
import { Icon } from '../chat/icon.js';
import { DownloadDialog } from '../download/download-dialog.js';
import { texts } from '../language/language.js';
import { Avatar } from '../people/avatar.js';
import { Composer } from './composer.js';
import { MessageLog } from './message-log.js';

interface ConversationViewProps {
  readonly chat: Chat;
  /** The sidebar lies over it. */
  readonly isCovered: boolean;
  readonly onMenu: () => void;
}

/** The conversation that is being looked at. */
export function ConversationView({ chat, isCovered, onMenu }: ConversationViewProps) {
  const partner = partnerOf(chat.active.value);
  return (
    <main class="conversation" inert={isCovered} data-private={partner !== null}>
      <ConversationHeader chat={chat} onMenu={onMenu} />
      <ConnectionBanner chat={chat} />
      <MessageLog chat={chat} log={chat.log.value} />
      <Composer chat={chat} conversation={chat.active.value} />
    </main>
  );
}

function ConversationHeader({ chat, onMenu }: { chat: Chat; onMenu: () => void }) {
  const [isDownloading, setDownloading] = useState(false);
  const words = texts.value;
  const conversation = chat.active.value;
  const partner = partnerOf(conversation);
  const unreadElsewhere = chat.marks.total.value - chat.marks.unread(conversation);
  return (
    <header class="conversation-head">
      <button class="plain menu" type="button" aria-label={words.openMenu} onClick={onMenu}>
        <Icon name="menu" />
        {unreadElsewhere > 0 && <span class="dot" />}
      </button>
      {partner === null ? (
        <span class="avatar place">
          <Icon name="everybody" />
        </span>
      ) : (
        <Avatar name={partner} online={chat.people.isOnline(partner)} />
      )}
      <div class="conversation-title">
        <h1>
          <bdi>{partner ?? words.lobby}</bdi>
          {partner !== null && <Icon name="lock" />}
        </h1>
        <p>{subtitle(chat, partner)}</p>
      </div>
      <button
        class="plain"
        type="button"
        aria-label={words.download}
        title={words.download}
        onClick={() => {
          setDownloading(true);
        }}
      >
        <Icon name="download" />
      </button>
      {isDownloading && (
        <DownloadDialog
          chat={chat}
          conversation={conversation}
          onDone={() => {
            setDownloading(false);
          }}
        />
      )}
    </header>
  );
}

function subtitle(chat: Chat, partner: string | null): string {
  const words = texts.value;
  if (partner === null) return words.onlineCount(chat.people.count);
  return chat.people.isOnline(partner) ? words.online : words.notOnline;
}
