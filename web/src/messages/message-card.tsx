import type { PresentFrame } from '@parley/client';
import type { ComponentChildren } from 'preact';
import { clockText, dayText } from '../language/dates.js';
import { messageTexts } from '../language/messages.js';
import { Avatar } from '../people/avatar.js';

interface MessageCardProps {
  readonly frame: PresentFrame;
  /** Where it was said, for people; absent where that is clear. */
  readonly place?: string | undefined;
  readonly onShow: () => void;
  /** Its text. */
  readonly children: ComponentChildren;
}

/** A message in a list, which leads to where it was said. */
export function MessageCard({ frame, place, onShow, children }: MessageCardProps) {
  const { user, time } = frame;
  return (
    <li>
      <button class="card" type="button" title={messageTexts.value.goTo} onClick={onShow}>
        <Avatar name={user.username} />
        <span class="card-words">
          <span class="card-head">
            <bdi>{user.username}</bdi>
            {place !== undefined && <bdi>{place}</bdi>}
            <time dateTime={new Date(time).toISOString()}>
              {dayText(time)} {clockText(time)}
            </time>
          </span>
          <bdi class="card-text">{children}</bdi>
        </span>
      </button>
    </li>
  );
}
