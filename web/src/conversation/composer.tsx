import { type Conversation, partnerOf } from '@parley/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { HAS_KEYBOARD } from '../focus-keeper.js';
import { texts } from '../language/language.js';
import { filesRefused } from './files.js';
import { isBlank, sendable } from './sendable.js';

/** What is left of the limit is told from here on. */
const TOLD_FROM = 200;
/** A touch keyboard has no Shift+Enter: there Enter begins a line, and the button sends. */
const HAS_TOUCH_KEYBOARD = window.matchMedia('(pointer: coarse)');
/** What browsers report for a key that belongs to an input method, `isComposing` or not. */
const INPUT_METHOD_KEY = 229;

/** Why nothing was sent. */
type Notice = 'full' | 'files' | null;

/** Where one writes. */
export function Composer({ chat, conversation }: { chat: Chat; conversation: Conversation }) {
  const [text, setText] = useState(chat.drafts.of(conversation));
  const [notice, setNotice] = useState<Notice>(null);
  const words = texts.value;
  const partner = partnerOf(conversation);
  const outgoing = sendable(text).trim();
  const left = chat.textLimit.value - Array.from(outgoing).length;
  const canSend = !isBlank(outgoing) && left >= 0;

  const write = (next: string): void => {
    setText(next);
    setNotice(null);
    chat.drafts.keep(conversation, next);
  };
  const send = (): void => {
    if (!canSend) return;
    if (chat.send(outgoing)) write('');
    else setNotice('full');
  };
  useReturned(chat, (returned) => {
    write(text === '' ? returned : `${returned}\n${text}`);
  });
  useRefusedFiles(() => {
    setNotice('files');
  });

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {partner !== null && (
        <p class="private-hint">
          <Icon name="lock" /> {words.privateHint}
        </p>
      )}
      <div class="composer-box">
        <TextArea
          text={text}
          label={words.writeHere(partner ?? words.toEverybody)}
          onWrite={(next) => {
            write(next);
            chat.write(next !== '');
          }}
          onSend={send}
        />
        <button
          class="send"
          type="submit"
          aria-label={words.send}
          aria-disabled={!canSend}
          onMouseDown={(event) => {
            // The focus stays where one writes, and a touch keyboard open.
            event.preventDefault();
          }}
        >
          <Icon name="send" />
        </button>
      </div>
      <p
        class="composer-hint"
        id="composer-hint"
        data-over={left < 0}
        data-told={left <= TOLD_FROM}
        hidden={notice !== null}
      >
        {hint(left)}
      </p>
      <p class="composer-notice" role="status">
        {notice === 'full' && words.outboxFull}
        {notice === 'files' && words.noFiles}
      </p>
    </form>
  );
}

/** A text that was not sent comes back to be written otherwise. */
function useReturned(chat: Chat, take: (text: string) => void): void {
  const returned = chat.returned.value;
  useEffect(() => {
    if (returned === null) return;
    chat.returned.value = null;
    take(returned);
    document.getElementById('composer')?.focus();
  }, [returned]);
}

function useRefusedFiles(tell: () => void): void {
  const count = filesRefused.value;
  const told = useRef(count);
  useEffect(() => {
    if (told.current !== count) tell();
    told.current = count;
  }, [count]);
}

interface TextAreaProps {
  readonly text: string;
  readonly label: string;
  readonly onWrite: (text: string) => void;
  readonly onSend: () => void;
}

function TextArea({ text, label, onWrite, onSend }: TextAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (HAS_KEYBOARD.matches) area.current?.focus();
  }, []);
  return (
    <div class="composer-text" data-text={text}>
      <textarea
        id="composer"
        ref={area}
        rows={1}
        value={text}
        dir="auto"
        enterkeyhint={HAS_TOUCH_KEYBOARD.matches ? 'enter' : 'send'}
        placeholder={label}
        aria-label={label}
        aria-describedby="composer-hint"
        onInput={(event) => {
          onWrite(event.currentTarget.value);
        }}
        onPaste={(event) => {
          paste(event, onWrite);
        }}
        onKeyDown={(event) => {
          if (!isSending(event)) return;
          event.preventDefault();
          onSend();
        }}
      />
    </div>
  );
}

/** Enter while an input method is composing chooses a character; it does not send. */
function isSending(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Safari says it nowhere else.
  const isInputMethod = event.isComposing || event.keyCode === INPUT_METHOD_KEY;
  if (event.key !== 'Enter' || event.shiftKey || isInputMethod) return false;
  return event.ctrlKey || event.metaKey || !HAS_TOUCH_KEYBOARD.matches;
}

/** Puts in what was copied as it can be sent, where that is something else. */
function paste(event: ClipboardEvent, onWrite: (text: string) => void): void {
  const copied = event.clipboardData?.getData('text/plain') ?? '';
  const clean = sendable(copied);
  const area = event.currentTarget;
  // A field makes one line end of each pair itself, and can take that back.
  if (clean === copied.replaceAll('\r\n', '\n') || !(area instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  area.setRangeText(clean, area.selectionStart, area.selectionEnd, 'end');
  onWrite(area.value);
}

function hint(left: number): string {
  if (left < 0) return texts.value.tooLong(-left);
  return left <= TOLD_FROM ? texts.value.charactersLeft(left) : texts.value.keys;
}
