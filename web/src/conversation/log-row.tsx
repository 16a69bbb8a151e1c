import type { MessageFrame, PresenceFrame } from '@parley/protocol';
import { Component } from 'preact';
import { Icon } from '../chat/icon.js';
import { clockText, dayText, fullText } from '../language/dates.js';
import { language, type Language, texts } from '../language/language.js';
import { Avatar, hueOf } from '../people/avatar.js';
import { isEntering } from './conversation-log.js';
import { MessageText } from './message-text.js';
import type { Row } from './rows.js';

type MessageRowData = Extract<Row, { kind: 'message' }>;

/** A line of the log. */
export function LogRow({ row }: { row: Row }) {
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
    case 'crowd':
      return (
        <li class="notice">
          {row.entered > 0 && <span class="entered">{texts.value.enteredMany(row.entered)}</span>}
          {row.left > 0 && <span class="left">{texts.value.leftMany(row.left)}</span>}
        </li>
      );
    case 'message':
      return <MessageRow row={row} language={language.value} />;
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

/** Drawn again only where something of it changed: thousands may stand here. */
class MessageRow extends Component<{ row: MessageRowData; language: Language }> {
  override shouldComponentUpdate(next: { row: MessageRowData; language: Language }): boolean {
    const { row } = this.props;
    return (
      row.frame !== next.row.frame ||
      row.opens !== next.row.opens ||
      row.closes !== next.row.closes ||
      this.props.language !== next.language
    );
  }

  override render() {
    const { frame, isOwn, opens, closes } = this.props.row;
    const author = frame.user.username;
    return (
      <li
        class="message"
        data-seq={frame.seq}
        data-own={isOwn}
        data-opens={opens}
        data-closes={closes}
      >
        {!isOwn && closes && <Avatar name={author} />}
        {opens && !isOwn ? (
          <bdi class="author" data-hue={hueOf(author)}>
            {author}
          </bdi>
        ) : (
          <span class="unseen">{isOwn ? texts.value.you : author}</span>
        )}
        <Bubble frame={frame} isOwn={isOwn} />
      </li>
    );
  }
}

function Bubble({ frame, isOwn }: { frame: MessageFrame; isOwn: boolean }) {
  return (
    <div class="bubble">
      <MessageText text={frame.data} />
      <span class="meta">
        <Time time={frame.time} />
        {isOwn && (
          <span class="mark" title={texts.value.stored}>
            <Icon name="check" />
            <span class="unseen">{texts.value.stored}</span>
          </span>
        )}
      </span>
    </div>
  );
}

function Time({ time }: { time: number }) {
  return (
    <time dateTime={new Date(time).toISOString()} title={fullText(time)}>
      {clockText(time)}
    </time>
  );
}
