import type { PresentFrame } from '@parley/client';
import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Modal } from '../chat/modal.js';
import { Skeleton } from '../chat/skeleton.js';
import { texts } from '../language/language.js';
import { messageTexts } from '../language/messages.js';
import { MessageCard } from '../messages/message-card.js';
import { showFrame } from '../messages/show-frame.js';

/** What is pinned in the conversation that is shown. */
export function PinsDialog({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const words = messageTexts.value;
  const [pins, setPins] = useState<readonly PresentFrame[] | null>(null);
  useEffect(() => {
    void chat.acts.perform(async (calls, where) => {
      setPins(await calls.pins(where));
    });
  }, []);
  const failure = chat.acts.failure.value;
  return (
    <Modal title={words.pins} isReading onDone={onDone}>
      {pins === null && failure === null && <Skeleton lines={3} />}
      {pins?.length === 0 && <p class="hint">{words.noPins}</p>}
      <ul class="cards">
        {pins?.map((frame) => (
          <MessageCard
            key={frame.seq}
            frame={frame}
            onShow={() => {
              onDone();
              showFrame(chat, frame);
            }}
          >
            {frame.data}
          </MessageCard>
        ))}
      </ul>
      <p class="composer-notice" role="alert">
        {failure}
      </p>
      <div class="actions">
        <button type="button" onClick={onDone}>
          {texts.value.close}
        </button>
      </div>
    </Modal>
  );
}
