import { FrameType, type PresenceFrame } from '@parley/protocol';
import type { Chat } from '../chat/chat.js';
import { dayText } from '../language/dates.js';
import { language, texts } from '../language/language.js';
import { type EventFrame, isEntering } from './log-items.js';
import { MessageRow } from './message-row.js';
import type { Row } from './rows.js';
import { Time } from './time.js';

/** A line of the log. */
export function LogRow({ row, chat }: { row: Row; chat: Chat }) {
  switch (row.kind) {
    case 'day':
      return (
        <li class="day">
          <span>{dayText(row.time)}</span>
        </li>
      );
    case 'unread':
      return (
        <li class="unread-mark">
          <span>{texts.value.newBelow}</span>
        </li>
      );
    case 'notice':
      return <NoticeRow frame={row.frame} />;
    case 'event':
      return (
        <li class="notice" data-seq={row.frame.seq}>
          <span>{eventText(row.frame)}</span>
          <Time time={row.frame.time} />
        </li>
      );
    case 'crowd':
      return (
        <li class="notice">
          {row.entered > 0 && <span class="entered">{texts.value.enteredMany(row.entered)}</span>}
          {row.left > 0 && <span class="left">{texts.value.leftMany(row.left)}</span>}
        </li>
      );
    case 'message':
      return <MessageRow row={row} chat={chat} language={language.value} />;
  }
}

function NoticeRow({ frame }: { frame: PresenceFrame }) {
  const name = frame.user.username;
  return (
    <li class="notice">
      <span class={isEntering(frame) ? 'entered' : 'left'}>
        {isEntering(frame) ? texts.value.entered(name) : texts.value.left(name)}
      </span>
      <Time time={frame.time} />
    </li>
  );
}

/** The service says it in its own language, the page in that of the page. */
function eventText(frame: EventFrame): string {
  const words = texts.value;
  const author = frame.user.username;
  switch (frame.type) {
    case FrameType.Join:
      return words.joined(author, frame.by?.username ?? null);
    case FrameType.Part:
      return words.parted(author, frame.by?.username ?? null);
    case FrameType.Member:
      return words.roleGiven(frame.member.username, words.roles[frame.data.role] ?? '', author);
    case FrameType.Room:
      return words.roomChanged(author);
  }
}
