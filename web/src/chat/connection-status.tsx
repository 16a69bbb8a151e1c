import { useEffect, useState } from 'preact/hooks';
import type { ConnectionState } from '../../../client/chat-client.js';
import { texts } from '../language/language.js';
import type { Chat } from './chat.js';

/** Whether there is a connection, and the button to end or get one. */
export function ConnectionStatus({ chat }: { chat: Chat }) {
  const words = texts.value;
  const state = chat.state.value.name;
  return (
    <div class="status" data-state={state}>
      <span class="status-text">{statusText(state)}</span>
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
  const state = chat.state.value;
  const seconds = useCountdown(state);
  const isTold = state.name === 'offline' || state.name === 'waiting';
  return (
    <div class="banner" role="status" data-shown={isTold}>
      {isTold && (
        <>
          <span>{bannerText(state, seconds)}</span>
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

function statusText(state: ConnectionState['name']): string {
  const words = texts.value;
  switch (state) {
    case 'online':
      return words.connected;
    case 'connecting':
      return words.connecting;
    case 'waiting':
      return words.lost;
    case 'offline':
    case 'ended':
      return words.disconnected;
  }
}

function bannerText(state: ConnectionState, seconds: number): string {
  const words = texts.value;
  if (state.name === 'waiting') return words.retryIn(seconds);
  return state.name === 'offline' && state.code !== null ? words.stopped : words.youDisconnected;
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
