import { useEffect, useRef } from 'preact/hooks';
import { HAS_KEYBOARD } from '../focus-keeper.js';
import { sendable } from './sendable.js';

/** A touch keyboard has no Shift+Enter: there Enter begins a line, and the button sends. */
const HAS_TOUCH_KEYBOARD = window.matchMedia('(pointer: coarse)');
/** What browsers report for a key that belongs to an input method, `isComposing` or not. */
const INPUT_METHOD_KEY = 229;

interface TextAreaProps {
  readonly id: string;
  /** The id of what explains it. */
  readonly hint?: string;
  readonly text: string;
  readonly label: string;
  readonly onWrite: (text: string) => void;
  readonly onSend: () => void;
  /** A key that sends nothing. */
  readonly onKey: (event: KeyboardEvent) => void;
}

/** The field that one writes in: as high as its text. */
export function TextArea({ id, hint, text, label, onWrite, onSend, onKey }: TextAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (HAS_KEYBOARD.matches) area.current?.focus();
  }, []);
  return (
    <div class="composer-text" data-text={text}>
      <textarea
        id={id}
        ref={area}
        rows={1}
        value={text}
        dir="auto"
        enterkeyhint={HAS_TOUCH_KEYBOARD.matches ? 'enter' : 'send'}
        placeholder={label}
        aria-label={label}
        aria-describedby={hint}
        onInput={(event) => {
          onWrite(event.currentTarget.value);
        }}
        onPaste={(event) => {
          paste(event, onWrite);
        }}
        onKeyDown={(event) => {
          if (isWithInputMethod(event)) return;
          if (!isSending(event)) {
            onKey(event);
            return;
          }
          event.preventDefault();
          onSend();
        }}
      />
    </div>
  );
}

/** A key while an input method is composing chooses a character; Enter does not send. */
function isWithInputMethod(event: KeyboardEvent): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- Safari says it nowhere else.
  return event.isComposing || event.keyCode === INPUT_METHOD_KEY;
}

function isSending(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey) return false;
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
