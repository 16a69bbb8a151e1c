import type { OutboxEntry } from '../../../client/outbox.js';
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
      {hasFailed && (
        <div class="failure" role="alert">
          <span>
            {words.failed}. {words.refusals[entry.code ?? ''] ?? ''}
          </span>
          <button
            class="small"
            type="button"
            onClick={() => {
              chat.retry(entry.ref);
            }}
          >
            {words.retry}
          </button>
          <button
            class="small"
            type="button"
            onClick={() => {
              chat.discard(entry.ref);
            }}
          >
            {words.discard}
          </button>
        </div>
      )}
    </li>
  );
}
