import { texts } from '../language/language.js';
import { leaveTexts } from '../language/leave.js';
import { logOut } from '../session/entry.js';
import type { Chat } from './chat.js';
import { lossesAtLogOut } from './leave-warning.js';
import { Modal } from './modal.js';

/** Before a log-out: what would be gone with it. */
export function LeaveDialog({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const words = leaveTexts.value;
  const { name, unsent } = lossesAtLogOut(chat);
  return (
    <Modal title={words.leaveTitle} onDone={onDone}>
      {name && <p>{words.leaveGuest(chat.self.username)}</p>}
      {unsent > 0 && <p>{words.leaveUnsent(unsent)}</p>}
      <div class="actions">
        <button type="button" onClick={onDone}>
          {words.stayHere}
        </button>
        <button class="primary" type="button" onClick={() => void logOut(chat)}>
          {texts.value.logOut}
        </button>
      </div>
    </Modal>
  );
}
