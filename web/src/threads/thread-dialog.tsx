import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { Modal } from '../chat/modal.js';
import { Skeleton } from '../chat/skeleton.js';
import type { MessageItem } from '../conversation/log-items.js';
import { MessageRow } from '../conversation/message-row.js';
import { OutboxRow } from '../conversation/outbox-row.js';
import { isBlank, sendable } from '../conversation/sendable.js';
import { TextArea } from '../conversation/text-area.js';
import { language, texts } from '../language/language.js';
import { messageTexts } from '../language/messages.js';
import { OpenMenu } from '../messages/open-menu.js';
import { ThreadLog } from './thread-log.js';

interface ThreadProps {
  readonly chat: Chat;
  /** The number of its first message. */
  readonly root: number;
  readonly onDone: () => void;
}

/** What is said in a thread, and where one answers in it. */
export function ThreadDialog({ chat, root, onDone }: ThreadProps) {
  const words = messageTexts.value;
  const log = useThreadLog(chat, root);
  const first = log.root.value;
  const { writing, failure } = chat.acts;
  const isEditing = writing.value !== null;
  useEffect(() => {
    // One edits where one writes.
    if (isEditing) onDone();
  }, [isEditing]);
  return (
    <Modal title={words.thread} isReading onDone={onDone}>
      <div class="thread" tabIndex={0} role="log" aria-label={words.thread}>
        {first === null && failure.value === null && <Skeleton lines={3} />}
        {first !== null && <Messages chat={chat} log={log} first={first} />}
      </div>
      <p class="composer-notice" role="alert">
        {failure.value}
      </p>
      <AnswerForm chat={chat} root={root} onDone={onDone} />
      <OpenMenu chat={chat} find={(seq) => log.find(seq)} />
    </Modal>
  );
}

function useThreadLog(chat: Chat, root: number): ThreadLog {
  const log = useMemo(() => new ThreadLog(chat.active.peek(), root, chat.self.id), [chat, root]);
  useEffect(() => {
    const stop = chat.entries.listen((conversation, frames) => {
      log.receive(conversation, frames);
    });
    loadPage(chat, log, root);
    return stop;
  }, [log]);
  return log;
}

function loadPage(chat: Chat, log: ThreadLog, root: number): void {
  const at = chat.position(log.conversation);
  const before = log.before.peek();
  void chat.acts.perform(async (calls, where) => {
    log.take(await calls.thread(where, root, before === null ? {} : { before }), at);
  });
}

interface MessagesProps {
  readonly chat: Chat;
  readonly log: ThreadLog;
  readonly first: MessageItem;
}

function Messages({ chat, log, first }: MessagesProps) {
  const words = messageTexts.value;
  const items = log.items.value;
  const waiting = chat.outbox.value.filter(
    ({ conversation, extras }) => conversation === log.conversation && extras?.thread === first.seq,
  );
  return (
    <ol>
      <ThreadRow chat={chat} item={first} isLast={items.length === 0} />
      {log.before.value !== null && (
        <li class="notice">
          <button
            class="small"
            type="button"
            onClick={() => {
              loadPage(chat, log, first.seq);
            }}
          >
            {words.more}
          </button>
        </li>
      )}
      {items.length === 0 && waiting.length === 0 && <li class="notice">{words.noReplies}</li>}
      {items.map((item, index) => (
        <ThreadRow key={item.key} chat={chat} item={item} isLast={index === items.length - 1} />
      ))}
      {waiting.map((entry) => (
        <OutboxRow key={entry.ref} chat={chat} entry={entry} />
      ))}
    </ol>
  );
}

interface ThreadRowProps {
  readonly chat: Chat;
  readonly item: MessageItem;
  readonly isLast: boolean;
}

function ThreadRow({ chat, item: { key, message }, isLast }: ThreadRowProps) {
  const isOwn = message.user.id === chat.self.id;
  const row = { kind: 'message', key, message, isOwn, opens: true, closes: true, isLast } as const;
  return <MessageRow row={row} chat={chat} language={language.value} />;
}

function AnswerForm({ chat, root, onDone }: ThreadProps) {
  const words = messageTexts.value;
  const [text, setText] = useState('');
  const [isAlso, setAlso] = useState(false);
  const outgoing = sendable(text).trim();
  const canSend = !isBlank(outgoing) && Array.from(outgoing).length <= chat.limits.value.text;
  const send = (): void => {
    const extras = { thread: root, ...(isAlso ? { also: true as const } : {}) };
    if (canSend && chat.send(outgoing, extras)) setText('');
  };
  return (
    <form
      class="thread-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-box">
        <TextArea
          id="thread-composer"
          text={text}
          label={words.answer}
          onWrite={setText}
          onSend={send}
          onKey={() => undefined}
        />
        <button class="send" type="submit" aria-label={texts.value.send} aria-disabled={!canSend}>
          <Icon name="send" />
        </button>
      </div>
      <div class="thread-foot">
        <label class="choice">
          <input
            type="checkbox"
            checked={isAlso}
            onChange={({ currentTarget: { checked } }) => {
              setAlso(checked);
            }}
          />
          <span>{words.also}</span>
        </label>
        <button type="button" onClick={onDone}>
          {texts.value.close}
        </button>
      </div>
    </form>
  );
}
