import { LOBBY } from '@parley/client';
import { signal } from '@preact/signals';
import { readText, removeText, writeText } from '../session/storage.js';
import type { AddressBar } from './address-bar.js';
import type { Chat } from './chat.js';

const KEY = 'parley.single-key';

/** Whether `?` alone does something. Whoever speaks to their machine may want it off. */
export const hasSingleKey = signal(readText('browser', KEY) !== 'off');

export function switchSingleKey(isOn: boolean): void {
  hasSingleKey.value = isOn;
  if (isOn) removeText('browser', KEY);
  else writeText('browser', KEY, 'off');
}

/** @returns ends it */
export function listenForShortcuts(chat: Chat, address: AddressBar): () => void {
  const onKey = (event: KeyboardEvent): void => {
    // What an input method or a part of the page has taken is not ours.
    if (event.defaultPrevented || event.isComposing) return;
    const act = actionOf(event, chat, address);
    if (act === null) return;
    event.preventDefault();
    act();
  };
  document.addEventListener('keydown', onKey);
  return () => {
    document.removeEventListener('keydown', onKey);
  };
}

function actionOf(event: KeyboardEvent, chat: Chat, address: AddressBar): (() => void) | null {
  const overlay = address.overlay.value;
  if (event.key === 'Escape' && overlay === 'menu') {
    return () => {
      address.clear();
    };
  }
  if (overlay !== null && overlay !== 'menu') return null;
  if (isHelpKey(event)) {
    return () => {
      address.lay('help');
    };
  }
  const isPlainAlt = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!isPlainAlt || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return null;
  return () => {
    step(chat, event.key === 'ArrowDown' ? 1 : -1);
  };
}

function isHelpKey(event: KeyboardEvent): boolean {
  const isCommand = event.ctrlKey !== event.metaKey && !event.altKey;
  if (isCommand) return event.key === '/';
  const isBare = !event.ctrlKey && !event.metaKey && !event.altKey;
  return isBare && event.key === '?' && hasSingleKey.value && !isTyping(event.target);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
}

/** To the conversation before or after in the list, around its ends. */
function step(chat: Chat, by: 1 | -1): void {
  const rooms = chat.rooms.list.value.map(({ name }) => name);
  const all = [LOBBY, ...rooms, ...chat.directs.list.value];
  const at = all.indexOf(chat.active.value);
  const next = all.at((at === -1 ? 0 : at + by) % all.length);
  if (next !== undefined) chat.show(next);
}
