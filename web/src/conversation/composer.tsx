import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Conversation, partnerOf } from '../../../client/conversation.js';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { HAS_KEYBOARD } from '../focus-keeper.js';
import { texts } from '../language/language.js';

/** What is left of the limit is told from here on. */
const TOLD_FROM = 200;
/** A touch keyboard has no Shift+Enter: there Enter begins a line, and the button sends. */
const HAS_TOUCH_KEYBOARD = window.matchMedia('(pointer: coarse)');
/** What browsers report for a key that belongs to an input method, `isComposing` or not. */
const INPUT_METHOD_KEY = 229;

/** Where one writes. */
export function Composer({ chat, conversation }: { chat: Chat; conversation: Conversation }) {
  const [text, setText] = useState(chat.drafts.of(conversation));
  const [isFull, setFull] = useState(false);
  const words = texts.value;
  const partner = partnerOf(conversation);
  const left = chat.textLimit.value - Array.from(text).length;
  const canSend = text.trim() !== '' && left >= 0;

  const write = (next: string): void => {
    setText(next);
    chat.drafts.keep(conversation, next);
  };
  const send = (): void => {
    if (!canSend) return;
    const isTaken = chat.send(text.trim());
    setFull(!isTaken);
    if (isTaken) write('');
  };

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
          onWrite={write}
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
        data-told={isFull || left <= TOLD_FROM}
      >
        {isFull ? words.outboxFull : hint(left)}
      </p>
    </form>
  );
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
  useLayoutEffect(() => {
    if (area.current !== null) fit(area.current);
  }, [text]);
  return (
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
      onKeyDown={(event) => {
        if (!isSending(event)) return;
        event.preventDefault();
        onSend();
      }}
    />
  );
}

/** Enter while an input method is composing chooses a character; it does not send. */
function isSending(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Safari says it nowhere else.
  const isInputMethod = event.isComposing || event.keyCode === INPUT_METHOD_KEY;
  if (event.key !== 'Enter' || event.shiftKey || isInputMethod) return false;
  return event.ctrlKey || event.metaKey || !HAS_TOUCH_KEYBOARD.matches;
}

function hint(left: number): string {
  if (left < 0) return texts.value.tooLong(-left);
  return left <= TOLD_FROM ? texts.value.charactersLeft(left) : texts.value.keys;
}

/** As high as its text; the style sheet says where that ends. */
function fit(area: HTMLTextAreaElement): void {
  area.style.height = 'auto';
  area.style.height = `${String(area.scrollHeight)}px`;
}
