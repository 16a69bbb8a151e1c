import type { Message } from '@parley/client';
import type { Chat } from '../chat/chat.js';
import { texts } from '../language/language.js';
import { lazy } from '../lazy.js';

const MessageMenu = lazy(async () => (await import('./message-menu.js')).MessageMenu, {
  Before: () => null,
  Failed: () => <p role="alert">{texts.value.partFailed}</p>,
});

interface OpenMenuProps {
  readonly chat: Chat;
  readonly find: (seq: number) => Message | undefined;
}

/** The menu of a message, where one is open: within what is shown on top, or nobody could reach it. */
export function OpenMenu({ chat, find }: OpenMenuProps) {
  const menu = chat.acts.menu.value;
  return menu && <MessageMenu key={menu.seq} chat={chat} {...menu} message={find(menu.seq)} />;
}
