import type { Page, Room } from '@parley/client';
import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { Modal } from '../chat/modal.js';
import { texts } from '../language/language.js';
import { roomTexts } from '../language/rooms.js';
import { useAttempt } from './attempt.js';
import { ask, enter, open } from './calls.js';
import { MakeRoom } from './make-room.js';

interface DialogProps {
  readonly chat: Chat;
  readonly onDone: () => void;
}

const NONE: Page<Room> = { items: [], next: null };
/** Milliseconds after the last key before what was written is looked for. */
const SEARCH_AFTER_MS = 250;

/** Rooms that one could be in: public ones to join, and a new one to make. */
export function RoomsDialog({ chat, onDone }: DialogProps) {
  const [wanted, setWanted] = useState('');
  const [found, setFound] = useState<Page<Room> | null>(null);
  const { failure, attempt } = useAttempt();
  const search = async (after?: string): Promise<void> => {
    const page = await ask(chat, (calls) =>
      calls.directory(wanted.trim(), { limit: 20, ...(after === undefined ? {} : { after }) }),
    );
    const before = after === undefined ? NONE : (found ?? NONE);
    setFound({ items: [...before.items, ...page.items], next: page.next });
  };
  useEffect(() => {
    const timer = setTimeout(() => {
      attempt(() => search());
    }, SEARCH_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [wanted]);
  const goIn = (room: Room): void => {
    attempt(async () => {
      if (room.me === null) await enter(chat, room.name);
      else await open(chat, room);
      onDone();
    });
  };
  const words = roomTexts.value;
  return (
    <Modal title={texts.value.rooms} onDone={onDone}>
      <label class="search">
        <Icon name="search" />
        <span class="unseen">{words.find}</span>
        <input
          type="search"
          placeholder={words.find}
          value={wanted}
          onInput={(event) => {
            setWanted(event.currentTarget.value);
          }}
        />
      </label>
      <ul class="entries choices-list" aria-label={words.find}>
        {found?.items.map((room) => (
          <RoomRow key={room.id} room={room} onChoose={goIn} />
        ))}
      </ul>
      {found?.items.length === 0 && <p class="hint">{words.noneFound}</p>}
      {found?.next && (
        <button
          class="small"
          type="button"
          onClick={() => {
            attempt(() => search(found.next ?? undefined));
          }}
        >
          {words.more}
        </button>
      )}
      <p class="composer-notice" role="alert">
        {failure}
      </p>
      <MakeRoom chat={chat} onDone={onDone} />
    </Modal>
  );
}

function RoomRow({ room, onChoose }: { room: Room; onChoose: (room: Room) => void }) {
  const words = roomTexts.value;
  const title = room.title ?? room.name;
  return (
    <li class="entry">
      <span class="entry-words">
        <bdi class="entry-name">{title}</bdi>
        {room.members !== null && <span class="entry-note">{words.people(room.members)}</span>}
      </span>
      <button
        class="small"
        type="button"
        aria-label={`${room.me === null ? words.join : words.open}: ${title}`}
        onClick={() => {
          onChoose(room);
        }}
      >
        {room.me === null ? words.join : words.open}
      </button>
    </li>
  );
}
