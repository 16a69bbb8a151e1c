import type { OutboxEntry } from '@parley/client';
import type { Chat } from '../chat/chat.js';
import { texts } from '../language/language.js';
import { refusalText } from '../language/refusals.js';

/** Why it was not sent, and what can be done. */
export function Failure({ chat, entry }: { chat: Chat; entry: OutboxEntry }) {
  const words = texts.value;
  const { ref, code, reason, retryable } = entry;
  // The service says it in the language of the connection, the page in that of the page.
  const why = refusalText(code ?? '') ?? reason ?? words.somethingWrong;
  return (
    <div class="failure" role="alert">
      <span>
        {words.failed}
        {words.colon}
        {why}
      </span>
      <span class="choices">
        {retryable && <Choice text={words.retry} onChoose={() => chat.unsent.retry(ref)} />}
        <Choice text={words.edit} onChoose={() => chat.unsent.edit(ref)} />
        <Choice text={words.discard} onChoose={() => chat.unsent.discard(ref)} />
      </span>
    </div>
  );
}

function Choice({ text, onChoose }: { text: string; onChoose: () => void }) {
  return (
    <button class="small" type="button" onClick={onChoose}>
      {text}
    </button>
  );
}
