import { partnerOf } from '@parley/client';
import { FrameType } from '@parley/protocol';
import { texts } from '../language/language.js';
import type { Announcement, Announcements } from './announcements.js';

/**
 * Reads out what others write, to those who use a screen reader: here, and privately anywhere.
 * Each message once, while the log itself is silent: that also changes where a message goes from
 * waiting to stored, where older ones are loaded, and where somebody comes or goes.
 */
export function Announcer({ announcements }: { announcements: Announcements }) {
  return (
    <div class="unseen" aria-live="polite" aria-relevant="additions">
      {announcements.latest.value.map((one) => (
        <p key={one.key}>{textOf(one)}</p>
      ))}
    </div>
  );
}

function textOf(one: Announcement): string {
  const words = texts.value;
  if (one.kind === 'many') {
    return words.heardMany(one.count, partnerOf(one.conversation) ?? words.lobby);
  }
  const { user, data, type } = one.frame;
  const author = user.username;
  return type === FrameType.SingleChat
    ? words.heardPrivately(author, data)
    : words.heard(author, data);
}
