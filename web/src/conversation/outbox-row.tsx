import type { OutboxEntry } from '@parley/client';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { texts } from '../language/language.js';
import { MessageText } from './message-text.js';

/** A message on its way, or one that did not get there. */
export function OutboxRow({ chat, entry }: { chat: Chat; entry: OutboxEntry }) {
  const words = texts.value;
  const hasFailed = entry.state === 'failed';
  return (
    <li
      class="message"
      data-own="true"
      data-opens="true"
      data-closes="true"
      data-state={entry.state}
    >
      <div class="bubble">
        <MessageText text={entry.text} />
        <span class="meta">
          <span class="mark" title={hasFailed ? words.failed : words.pending}>
            <Icon name={hasFailed ? 'alert' : 'clock'} />
            <span class="unseen">{hasFailed ? words.failed : words.pending}</span>
          </span>
        </span>
      </div>
      {hasFailed && <Failure chat={chat} entry={entry} />}
    </li>
  );
}

/** Why it was not sent, and what can be done. */
function Failure({ chat, entry }: { chat: Chat; entry: OutboxEntry }) {
  const words = texts.value;
  const { ref, code, reason, retryable } = entry;
  // The service says it in the language of the connection, the page in that of the page.
  const why = words.refusals[code ?? ''] ?? reason ?? words.somethingWrong;
  return (
    <div class="failure" role="alert">
      <span>
        {words.failed}
        {words.colon}
        {why}
      </span>
      <span class="choices">
        {retryable && <Choice text={words.retry} onChoose={() => chat.retry(ref)} />}
        <Choice text={words.edit} onChoose={() => chat.edit(ref)} />
        <Choice text={words.discard} onChoose={() => chat.discard(ref)} />
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
