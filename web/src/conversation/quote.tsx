import type { Chat } from '../chat/chat.js';
import { texts } from '../language/language.js';

/** Characters of a quoted text that are shown; the style sheet shows one line of them. */
const SHOWN = 200;

/** What a message answers, in a line that leads there. */
export function Quote({ chat, seq }: { chat: Chat; seq: number }) {
  const words = texts.value;
  const conversation = chat.active.value;
  const message = chat.log.value.find(seq) ?? chat.quotes.of(conversation, seq);
  const author = message?.user.username ?? '';
  const text = message?.deleted ? words.deleted : message?.text.slice(0, SHOWN);
  return (
    <button
      class="quote"
      type="button"
      aria-label={message ? `${words.quoted(author)}: ${text ?? ''}` : undefined}
      onClick={() => {
        chat.showMessage(conversation, seq);
      }}
    >
      <bdi class="quote-author">{author}</bdi>
      <bdi class="quote-text">{message === null ? words.quoteGone : (text ?? '…')}</bdi>
    </button>
  );
}
