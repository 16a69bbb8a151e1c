import { FrameType } from '@parley/protocol';
import { texts } from '../language/language.js';
import type { Announcement } from './announcements.js';
import type { Chat } from './chat.js';
import { placeName } from './place-name.js';

/**
 * Reads out what others write, to those who use a screen reader: here, and privately anywhere.
 * Each message once, while the log itself is silent: that also changes where a message goes from
 * waiting to stored, where older ones are loaded, and where somebody comes or goes.
 */
export function Announcer({ chat }: { chat: Chat }) {
  return (
    <div class="unseen" aria-live="polite" aria-relevant="additions">
      {chat.announcements.latest.value.map((one) => (
        <p key={one.key}>{textOf(chat, one)}</p>
      ))}
    </div>
  );
}

function textOf(chat: Chat, one: Announcement): string {
  const words = texts.value;
  if (one.kind === 'many') {
    return words.heardMany(one.count, placeName(chat, one.conversation));
  }
  const { user, data, type } = one.frame;
  const author = user.username;
  return type === FrameType.SingleChat
    ? words.heardPrivately(author, data)
    : words.heard(author, data);
}
