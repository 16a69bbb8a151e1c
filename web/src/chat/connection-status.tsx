import type { ConnectionState } from '@parley/client';
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../language/language.js';
import type { Chat } from './chat.js';

/** Whether there is a connection, and the button to end or get one. */
export function ConnectionStatus({ chat }: { chat: Chat }) {
  const words = texts.value;
  const state = chat.state.value.name;
  const isOverdue = state === 'online' && chat.isOverdue.value;
  return (
    <div class="status" data-state={isOverdue ? 'overdue' : state}>
      <span class="status-text">{statusText(chat)}</span>
      {state === 'offline' || state === 'waiting' ? (
        <button
          class="small"
          type="button"
          onClick={() => {
            chat.connect();
          }}
        >
          {words.connect}
        </button>
      ) : (
        <button
          class="small"
          type="button"
          onClick={() => {
            chat.disconnect();
          }}
        >
          {words.disconnect}
        </button>
      )}
    </div>
  );
}

/** Over the conversation, where there is no connection: why, and what can be done. */
export function ConnectionBanner({ chat }: { chat: Chat }) {
  const state = chat.state.value.name;
  const isAway = state === 'offline' || state === 'waiting';
  const isOverdue = state === 'online' && chat.isOverdue.value;
  return (
    <div class="banner" role="status" data-shown={isAway || isOverdue}>
      {isOverdue && <span>{texts.value.overdue}</span>}
      {isAway && (
        <>
          <BannerText chat={chat} />
          <button
            class="small"
            type="button"
            onClick={() => {
              chat.connect();
            }}
          >
            {texts.value.connectNow}
          </button>
        </>
      )}
    </div>
  );
}

function BannerText({ chat }: { chat: Chat }) {
  const words = texts.value;
  const state = chat.state.value;
  const seconds = useCountdown(state);
  if (state.name === 'waiting') {
    if (!chat.network.isThere.value) return <span>{words.noNetwork}</span>;
    // Read out, a countdown would speak each second.
    return (
      <>
        <span aria-hidden="true">{words.retryIn(seconds)}</span>
        <span class="unseen">{words.retrying}</span>
      </>
    );
  }
  const isStopped = state.name === 'offline' && state.code !== null;
  return <span>{isStopped ? words.stopped : words.youDisconnected}</span>;
}

/** In a word or two. */
export function statusText(chat: Chat): string {
  const words = texts.value;
  switch (chat.state.value.name) {
    case 'online':
      return chat.isOverdue.value ? words.noAnswer : words.connected;
    case 'connecting':
      return words.connecting;
    case 'waiting':
      return chat.network.isThere.value ? words.lost : words.networkGone;
    case 'offline':
    case 'ended':
      return words.disconnected;
  }
}

/** Whole seconds until the next attempt. */
function useCountdown(state: ConnectionState): number {
  const until = state.name === 'waiting' ? state.until : 0;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === 0) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
