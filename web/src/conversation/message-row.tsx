import { Component } from 'preact';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { fullText } from '../language/dates.js';
import { type Language, texts } from '../language/language.js';
import { lazy } from '../lazy.js';
import { Avatar, hueOf } from '../people/avatar.js';
import { namesMarked } from './mentions.js';
import { MessageText } from './message-text.js';
import { Quote } from './quote.js';
import { Reactions } from './reactions.js';
import type { Row } from './rows.js';
import { Time } from './time.js';

const Files = lazy(async () => (await import('../files/message-files.js')).Files, {
  Before: () => null,
  Failed: () => <p>{texts.value.partFailed}</p>,
});

type MessageRowData = Extract<Row, { kind: 'message' }>;

interface MessageProps {
  readonly row: MessageRowData;
  readonly chat: Chat;
}

type RowProps = MessageProps & { readonly language: Language };

/** Drawn again only where something of it changed: thousands may stand here. */
export class MessageRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { row } = this.props;
    return (
      row.message !== next.row.message ||
      row.opens !== next.row.opens ||
      row.closes !== next.row.closes ||
      row.isLast !== next.row.isLast ||
      this.props.language !== next.language
    );
  }

  override render() {
    const { row, chat } = this.props;
    const { message, isOwn, opens, closes } = row;
    const author = message.user.username;
    return (
      <li
        class="message"
        data-seq={message.seq}
        data-own={isOwn}
        data-opens={opens}
        data-closes={closes}
        data-mentioned={!isOwn && mentions(row, chat.self.id)}
      >
        {!isOwn && closes && <Avatar name={author} />}
        {opens && !isOwn ? (
          <bdi class="author" data-hue={hueOf(author)}>
            {author}
          </bdi>
        ) : (
          <span class="unseen">{isOwn ? texts.value.you : author}</span>
        )}
        <div class="bubble-line">
          <Bubble row={row} chat={chat} />
          {message.deleted === null && <MoreButton row={row} chat={chat} />}
        </div>
        <Reactions message={message} chat={chat} />
        <ThreadLink row={row} chat={chat} />
      </li>
    );
  }
}

function mentions({ message }: MessageRowData, selfId: string): boolean {
  return message.mentionsAll || message.mentions.some(({ id }) => id === selfId);
}

function Bubble({ row: { message, isOwn }, chat }: MessageProps) {
  const words = texts.value;
  const { text, deleted, reply, time, edited, pinned } = message;
  return (
    <div class="bubble" data-deleted={deleted !== null}>
      {reply !== null && deleted === null && <Quote chat={chat} seq={reply} />}
      {message.attachments.length > 0 && <Files chat={chat} message={message} />}
      {deleted === null ? (
        <MessageText
          text={text}
          names={namesMarked({ mentions: message.mentions, all: message.mentionsAll })}
        />
      ) : (
        <p class="text">{words.deleted}</p>
      )}
      <span class="meta">
        {pinned && (
          <span class="mark" title={words.pinned}>
            <Icon name="pin" />
            <span class="unseen">{words.pinned}</span>
          </span>
        )}
        {edited !== null && <span title={fullText(edited.time)}>{words.edited}</span>}
        <Time time={time} />
        {isOwn && (
          <span class="mark" title={words.stored}>
            <Icon name="check" />
            <span class="unseen">{words.stored}</span>
          </span>
        )}
      </span>
    </div>
  );
}

/** Of all of these one is reached with Tab, the others from there with the arrows. */
function MoreButton({ row: { message, isLast }, chat }: MessageProps) {
  const words = texts.value;
  return (
    <button
      class="plain more"
      type="button"
      tabIndex={isLast ? 0 : -1}
      aria-label={words.actions}
      aria-haspopup="dialog"
      title={words.actions}
      onClick={({ currentTarget: opener }) => {
        chat.acts.menu.value = { seq: message.seq, opener };
      }}
    >
      <Icon name="more" />
    </button>
  );
}

/** To what is said in the thread that a message begins, or stands in. */
function ThreadLink({ row: { message }, chat }: MessageProps) {
  const words = texts.value;
  const { replies, thread, seq } = message;
  if (replies === null && thread === null) return null;
  return (
    <button
      class="thread-link"
      type="button"
      onClick={() => {
        chat.acts.thread.value = thread ?? seq;
      }}
    >
      <Icon name="thread" />
      {replies === null ? words.ofThread : words.inThread(replies.count)}
    </button>
  );
}
