import { type Conversation, type MessageExtras, partnerOf } from '@parley/client';
import type { Attachment } from '@parley/protocol';
import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { placeName } from '../chat/place-name.js';
import { isRoom } from '../chat/rooms.js';
import { texts } from '../language/language.js';
import { lazy } from '../lazy.js';
import type { Writing } from '../messages/message-acts.js';
import { AttachButton, useGivenFiles } from './attach-button.js';
import { isBlank, sendable } from './sendable.js';
import { TextArea } from './text-area.js';
import { WritingBar } from './writing-bar.js';

/** What is left of the limit is told from here on. */
const TOLD_FROM = 200;
/** Why nothing was sent. */
type Notice = 'full' | 'files' | null;

const UploadList = lazy(async () => (await import('../files/upload-list.js')).UploadList, {
  Before: () => null,
  Failed: () => null,
});

const MentionList = lazy(async () => (await import('../messages/mention-list.js')).MentionList, {
  Before: () => null,
  Failed: () => null,
});

interface ComposerProps {
  readonly chat: Chat;
  readonly conversation: Conversation;
}

/** Where one writes: something new, or another text for a message. */
export function Composer({ chat, conversation }: ComposerProps) {
  const writing = chat.acts.writing.value;
  const edited = writing?.kind === 'edit' ? writing.message : null;
  const [text, setText] = useState(edited?.text ?? chat.drafts.of(conversation));
  const [notice, setNotice] = useState<Notice>(null);
  const outgoing = sendable(text).trim();
  const left = chat.limits.value.text - Array.from(outgoing).length;
  const attachments = edited === null ? chat.attaching.ready(conversation) : [];
  const canSend =
    left >= 0 && attachments !== null && (!isBlank(outgoing) || attachments.length > 0);

  const write = (next: string): void => {
    setText(next);
    setNotice(null);
    chat.acts.failure.value = null;
    // What was begun before waits until the edit is done.
    if (edited === null) chat.drafts.keep(conversation, next);
  };
  const send = (): void => {
    if (!canSend) return;
    if (edited !== null) void chat.acts.edit(edited, outgoing);
    else if (chat.send(outgoing, extrasOf(writing, attachments))) {
      chat.acts.writing.value = null;
      chat.attaching.in(conversation)?.take();
      write('');
    } else setNotice('full');
  };
  useReturned(chat, (returned) => {
    write(text === '' ? returned : `${returned}\n${text}`);
  });
  useGivenFiles({ chat, conversation }, () => {
    setNotice('files');
  });
  const uploads = chat.attaching.in(conversation);

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <ComposerHead chat={chat} conversation={conversation} />
      {text.includes('@') && (
        <MentionList chat={chat} conversation={conversation} text={text} onChoose={write} />
      )}
      {uploads !== undefined && edited === null && <UploadList uploads={uploads} />}
      <div class="composer-box">
        {edited === null && <AttachButton chat={chat} conversation={conversation} />}
        <TextArea
          id="composer"
          hint="composer-hint"
          text={text}
          label={labelOf(chat, conversation)}
          onWrite={(next) => {
            write(next);
            chat.write(next !== '');
          }}
          onSend={send}
          onKey={(event) => {
            turnWith(event, chat, text);
          }}
        />
        <SendButton canSend={canSend} />
      </div>
      <p
        class="composer-hint"
        id="composer-hint"
        data-over={left < 0}
        data-told={left <= TOLD_FROM}
        hidden={notice !== null || chat.acts.failure.value !== null}
      >
        {hint(left)}
      </p>
      <p class="composer-notice" role="status">
        {noticeText(notice) ?? chat.acts.failure.value}
      </p>
    </form>
  );
}

/** What is being written, where that is not a message of its own; and who will read it. */
function ComposerHead({ chat, conversation }: ComposerProps) {
  if (chat.acts.writing.value !== null) return <WritingBar chat={chat} />;
  if (partnerOf(conversation) === null) return null;
  return (
    <p class="private-hint">
      <Icon name="lock" /> {texts.value.privateHint}
    </p>
  );
}

function SendButton({ canSend }: { canSend: boolean }) {
  return (
    <button
      class="send"
      type="submit"
      aria-label={texts.value.send}
      aria-disabled={!canSend}
      onMouseDown={(event) => {
        // The focus stays where one writes, and a touch keyboard open.
        event.preventDefault();
      }}
    >
      <Icon name="send" />
    </button>
  );
}

function labelOf(chat: Chat, conversation: Conversation): string {
  const words = texts.value;
  const partner = partnerOf(conversation);
  if (isRoom(conversation)) return words.writeHere(placeName(chat, conversation));
  return words.writeHere(partner ?? words.toEverybody);
}

function noticeText(notice: Notice): string | null {
  if (notice === 'full') return texts.value.outboxFull;
  return notice === 'files' ? texts.value.noFiles : null;
}

/** Escape gives up what is not a message of its own; ↑ in an empty field edits the last one. */
function turnWith(event: KeyboardEvent, { acts, log, self }: Chat, text: string): void {
  const isBare = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (event.key === 'Escape' && acts.writing.value !== null) acts.writing.value = null;
  else if (event.key === 'ArrowUp' && isBare && text === '') {
    const last = log.value.lastOf(self.id);
    if (last === undefined) return;
    acts.writing.value = { kind: 'edit', message: last };
  } else return;
  event.preventDefault();
}

/** A text that was not sent comes back to be written otherwise. */
function useReturned(chat: Chat, take: (text: string) => void): void {
  const { returned: source } = chat.unsent;
  const returned = source.value;
  useEffect(() => {
    if (returned === null) return;
    source.value = null;
    take(returned);
    document.getElementById('composer')?.focus();
  }, [returned]);
}

function extrasOf(writing: Writing | null, attachments: readonly Attachment[]): MessageExtras {
  return {
    ...(writing === null ? {} : { reply: writing.message.seq }),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

function hint(left: number): string {
  if (left < 0) return texts.value.tooLong(-left);
  return left <= TOLD_FROM ? texts.value.charactersLeft(left) : texts.value.keys;
}
