import type { ComponentChildren, ComponentProps, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '@parley/client';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { texts } from '../language/language.js';
import { messageTexts } from '../language/messages.js';
import type { OpenMenu } from './message-acts.js';
import { place } from './place.js';

/** What most people react with. */
const KEYS = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀'] as const;

interface MenuProps extends OpenMenu {
  readonly chat: Chat;
  readonly message: Message | undefined;
}

/** What can be done with a message, beside the button that opened it. */
export function MessageMenu({ chat, message, opener }: MenuProps) {
  const box = useRef<HTMLDivElement>(null);
  const [isDeleting, setDeleting] = useState(false);
  const close = (): void => {
    chat.acts.menu.value = null;
  };
  usePopover(box, opener, close);
  if (message?.deleted !== null) return null;
  const parts = { chat, message, close };
  return (
    <div
      ref={box}
      class="message-menu"
      popover="auto"
      role="dialog"
      aria-label={texts.value.actions}
    >
      {isDeleting ? (
        <DeleteAsk {...parts} />
      ) : (
        <>
          {chat.rooms.may(chat.active.value, 'react') && <Keys {...parts} />}
          <Choices
            {...parts}
            onDelete={() => {
              setDeleting(true);
            }}
          />
        </>
      )}
    </div>
  );
}

interface PartProps {
  readonly chat: Chat;
  readonly message: Message;
  readonly close: () => void;
}

function Keys({ chat, message, close }: PartProps) {
  const words = messageTexts.value;
  const isSet = (key: string): boolean =>
    message.reactions.some((one) => one.key === key && one.me);
  return (
    <div class="keys" role="group" aria-label={words.react}>
      {KEYS.map((key) => (
        <button
          key={key}
          class="plain"
          type="button"
          aria-pressed={isSet(key)}
          aria-label={isSet(key) ? words.takeBack(key) : words.reactWith(key)}
          onClick={() => {
            chat.acts.react(message.seq, key, !isSet(key));
            close();
          }}
        >
          {key}
        </button>
      ))}
    </div>
  );
}

function Choices({ chat, message, close, onDelete }: PartProps & { onDelete: () => void }) {
  const words = messageTexts.value;
  const { acts, rooms, self } = chat;
  const may = (right: string): boolean => rooms.may(chat.active.value, right);
  const isOwn = message.user.id === self.id;
  const { seq, thread, pinned } = message;
  const isInThread = acts.thread.value !== null;
  const write = (kind: 'reply' | 'edit'): void => {
    acts.writing.value = { kind, message };
    close();
    document.getElementById('composer')?.focus();
  };
  const choose = (act: () => void) => (): void => {
    act();
    close();
  };
  return (
    <>
      {may('send') && !isInThread && (
        <Choice
          icon="reply"
          text={words.reply}
          onChoose={() => {
            write('reply');
          }}
        />
      )}
      {may('thread') && !isInThread && (
        <Choice
          icon="thread"
          text={words.openThread}
          onChoose={choose(() => {
            acts.thread.value = thread ?? seq;
          })}
        />
      )}
      {isOwn && may('edit') && (
        <Choice
          icon="edit"
          text={words.edit}
          onChoose={() => {
            write('edit');
          }}
        />
      )}
      {may('pin') && (
        <Choice
          icon="pin"
          text={pinned ? words.unpin : words.pin}
          onChoose={choose(() => {
            void acts.perform((calls, where) =>
              pinned ? calls.unpin(where, seq) : calls.pin(where, seq),
            );
          })}
        />
      )}
      {(isOwn || may('delete')) && <Choice icon="trash" text={words.delete} onChoose={onDelete} />}
    </>
  );
}

function DeleteAsk({ chat, message, close }: PartProps) {
  const words = messageTexts.value;
  const { seq } = message;
  const remove = (): void => {
    void chat.acts.perform((calls, where) => calls.delete(where, seq));
    close();
  };
  return (
    <>
      <p class="menu-text">{words.deleteAsk}</p>
      <Choice icon="trash" isBad text={words.delete} onChoose={remove} />
      <Choice icon="close" isFirst text={words.keep} onChoose={close} />
    </>
  );
}

interface ChoiceProps {
  readonly icon: ComponentProps<typeof Icon>['name'];
  readonly text: ComponentChildren;
  readonly isBad?: boolean;
  /** It has the focus when it is shown. */
  readonly isFirst?: boolean;
  readonly onChoose: () => void;
}

function Choice({ icon, text, isBad = false, isFirst = false, onChoose }: ChoiceProps) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (isFirst) button.current?.focus();
  }, [isFirst]);
  return (
    <button ref={button} class="menu-choice" type="button" data-bad={isBad} onClick={onChoose}>
      <Icon name={icon} />
      {text}
    </button>
  );
}

/** Opens it over everything, with the focus in it; whatever closes it, `onClose` hears of it. */
function usePopover(
  box: RefObject<HTMLDivElement | null>,
  opener: HTMLElement,
  onClose: () => void,
): void {
  useLayoutEffect(() => {
    const shown = box.current;
    if (shown === null) {
      onClose();
      return undefined;
    }
    const onToggle = (event: Event): void => {
      if (event instanceof ToggleEvent && event.newState === 'closed') onClose();
    };
    shown.showPopover();
    place(shown, opener);
    shown.querySelector('button')?.focus();
    shown.addEventListener('toggle', onToggle);
    return () => {
      shown.removeEventListener('toggle', onToggle);
      const hasFocus = shown.contains(document.activeElement);
      if (hasFocus && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
}
