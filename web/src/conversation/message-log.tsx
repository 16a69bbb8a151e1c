import { isInThreadOnly } from '@parley/client';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { Skeleton } from '../chat/skeleton.js';
import { texts } from '../language/language.js';
import type { ConversationLog } from './conversation-log.js';
import { LogRow } from './log-row.js';
import { OutboxRow } from './outbox-row.js';
import { OpenMenu } from '../messages/open-menu.js';
import { rowsOf } from './rows.js';
import { ScrollKeeper } from './scroll-keeper.js';

/** The messages, with older ones coming in above and new ones below. */
export function MessageLog({ chat, log }: { chat: Chat; log: ConversationLog }) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const waiting = chat.outbox.value.filter(
    ({ conversation, extras = {} }) =>
      conversation === chat.active.value && !isInThreadOnly(extras),
  );
  const rows = rowsOf(log.items.value, chat.self.id, chat.reading.readOnOpening.value);
  const isAway = log.follow.mode === 'reading' || (log.isDetached.value && rows.length > 0);
  useScrollKeeper(chat, log, box, list);

  return (
    <div class="log-area">
      <div
        class="log"
        ref={box}
        tabIndex={0}
        role="log"
        aria-label={texts.value.messages}
        // What is new is said by the announcer, which knows what is worth saying.
        aria-live="off"
        onKeyDown={stepBetweenMessages}
        aria-busy={log.loading.value === 'older' || log.loading.value === 'latest'}
      >
        <LogStart chat={chat} log={log} isEmpty={rows.length === 0 && waiting.length === 0} />
        <ol ref={list}>
          {rows.map((row) => (
            <LogRow key={row.key} row={row} chat={chat} />
          ))}
          {(!log.isDetached.value || rows.length === 0) &&
            waiting.map((entry) => <OutboxRow key={entry.ref} chat={chat} entry={entry} />)}
        </ol>
      </div>
      {chat.acts.thread.value === null && <OpenMenu chat={chat} find={(seq) => log.find(seq)} />}
      {isAway && (
        <JumpButton
          unread={chat.marks.unread(chat.active.value)}
          onClick={() => void chat.reading.showLatest()}
        />
      )}
    </div>
  );
}

/** From the button of one message to that of the next. */
function stepBetweenMessages(event: KeyboardEvent): void {
  const { key, target } = event;
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(target instanceof HTMLElement) || !target.matches('.log .more')) return;
  const all = [...document.querySelectorAll<HTMLElement>('.log .more')];
  all[all.indexOf(target) + step]?.focus();
  event.preventDefault();
}

/** Before each paint: the view is where its state says. */
function useScrollKeeper(
  chat: Chat,
  log: ConversationLog,
  box: RefObject<HTMLDivElement | null>,
  list: RefObject<HTMLOListElement | null>,
): void {
  const keeper = useRef<ScrollKeeper | null>(null);
  useLayoutEffect(() => {
    if (box.current === null || list.current === null) return undefined;
    const kept = new ScrollKeeper(box.current, list.current, {
      follow: log.follow,
      isWhole: () => !log.isDetached.peek(),
      isLoaded: () => log.items.peek().length > 0 && log.loading.peek() === null,
      seen: (seq) => {
        chat.reading.seen(seq);
      },
      nearStart: () => void log.loadOlder(),
      nearEnd: () => void log.loadNewer(),
    });
    keeper.current = kept;
    return () => {
      kept.stop();
    };
  }, [log]);
  useLayoutEffect(() => {
    keeper.current?.restore();
  });
}

interface LogStartProps {
  readonly chat: Chat;
  readonly log: ConversationLog;
  readonly isEmpty: boolean;
}

function LogStart({ chat, log, isEmpty }: LogStartProps) {
  const words = texts.value;
  const loading = log.loading.value;
  if (loading === 'failed') {
    return (
      <p class="log-start" role="alert">
        {words.loadFailed}{' '}
        <button
          class="small"
          type="button"
          onClick={() => void (isEmpty ? chat.reading.open() : log.loadOlder())}
        >
          {words.tryAgain}
        </button>
      </p>
    );
  }
  // Nothing was loaded yet: that nothing was said would be a guess.
  if (isEmpty && log.isDetached.value) {
    const isComing = chat.state.value.name === 'online' || chat.state.value.name === 'connecting';
    return isComing ? <Skeleton lines={4} /> : <p class="log-start">{words.notLoadedYet}</p>;
  }
  if (loading === 'older' || loading === 'latest') return <p class="log-start">{words.loading}</p>;
  if (log.hasOlder.value) return <p class="log-start" />;
  return <p class="log-start">{isEmpty ? words.empty : words.beginning}</p>;
}

function JumpButton({ unread, onClick }: { unread: number; onClick: () => void }) {
  const words = texts.value;
  return (
    <button class="jump" type="button" data-unread={unread > 0} onClick={onClick}>
      <Icon name="down" />
      <span class={unread > 0 ? undefined : 'unseen'}>
        {unread > 0 ? words.newMessages(unread) : words.toLatest}
      </span>
    </button>
  );
}
