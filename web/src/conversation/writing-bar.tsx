import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { texts } from '../language/language.js';

/** Above the field: which message is being answered or edited, and the way out of it. */
export function WritingBar({ chat }: { chat: Chat }) {
  const words = texts.value;
  const writing = chat.acts.writing.value;
  if (writing === null) return null;
  const { kind, message } = writing;
  return (
    <div class="writing">
      <Icon name={kind === 'edit' ? 'edit' : 'reply'} />
      <p>
        <strong>{kind === 'edit' ? words.editing : words.replyingTo(message.user.username)}</strong>
        <bdi>{message.text.slice(0, 200)}</bdi>
      </p>
      <button
        class="plain"
        type="button"
        aria-label={words.cancel}
        title={words.cancel}
        onClick={() => {
          chat.acts.writing.value = null;
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
