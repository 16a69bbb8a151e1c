import type { Message } from '@parley/client';
import type { Chat } from '../chat/chat.js';
import { texts } from '../language/language.js';

/** How people reacted to a message; each can be joined, and taken back. */
export function Reactions({ message, chat }: { message: Message; chat: Chat }) {
  const words = texts.value;
  if (message.reactions.length === 0) return null;
  return (
    <ul class="reactions" aria-label={words.reactions}>
      {message.reactions.map(({ key, count, me }) => (
        <li key={key}>
          <button
            class="reaction"
            type="button"
            aria-pressed={me}
            aria-label={words.reaction(key, count)}
            onClick={() => {
              chat.acts.react(message.seq, key, !me);
            }}
          >
            <bdi>{key}</bdi>
            <span>{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
