import type { Conversation } from '@parley/client';
import { useEffect, useRef } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { texts } from '../language/language.js';
import { givenFiles } from './dropped-files.js';

interface AttachProps {
  readonly chat: Chat;
  readonly conversation: Conversation;
}

/** Chooses files for the next message. */
export function AttachButton({ chat, conversation }: AttachProps) {
  const words = texts.value;
  const input = useRef<HTMLInputElement>(null);
  if (!canAttach(chat, conversation)) return null;
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          void chat.attaching.add(conversation, [...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <button
        class="plain attach"
        type="button"
        aria-label={words.attach}
        title={words.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
    </>
  );
}

/** What is dropped or pasted goes with the next message. @param refuse it cannot */
export function useGivenFiles({ chat, conversation }: AttachProps, refuse: () => void): void {
  const files = givenFiles.value;
  const before = useRef(files);
  useEffect(() => {
    if (files === before.current) return;
    before.current = files;
    if (canAttach(chat, conversation)) void chat.attaching.add(conversation, files);
    else refuse();
  }, [files]);
}

function canAttach(chat: Chat, conversation: Conversation): boolean {
  return chat.limits.value.attachment > 0 && chat.rooms.may(conversation, 'upload');
}
