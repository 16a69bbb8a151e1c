import type { Conversation } from '@parley/client';
import type { Chat } from '../chat/chat.js';
import { roomTexts } from '../language/rooms.js';
import { useAttempt } from './attempt.js';
import { enter } from './calls.js';

/** In the place of the composer, for a room that one is not in. */
export function Outside({ chat, room }: { chat: Chat; room: Conversation }) {
  const words = roomTexts.value;
  const { failure, isBusy, attempt } = useAttempt();
  return (
    <div class="composer">
      <p class="composer-notice" role="status">
        {failure === '' ? words.outside : failure}
      </p>
      <button
        type="button"
        aria-disabled={isBusy}
        onClick={() => {
          attempt(() => enter(chat, room));
        }}
      >
        {words.join}
      </button>
    </div>
  );
}
