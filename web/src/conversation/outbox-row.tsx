import type { OutboxEntry } from '@parley/client';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { texts } from '../language/language.js';
import { lazy } from '../lazy.js';
import { namesMarked } from './mentions.js';
import { MessageText } from './message-text.js';

const Failure = lazy(async () => (await import('./failure.js')).Failure, {
  Before: () => null,
  Failed: () => <p class="failure">{texts.value.failed}</p>,
});

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
        <MessageText
          text={entry.text}
          names={namesMarked({ ...entry.extras, all: entry.extras?.mentionAll === true })}
        />
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
