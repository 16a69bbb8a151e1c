import { conversationOf, type FoundFrame, type FoundPage, type PresentFrame } from '@parley/client';
import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { Modal } from '../chat/modal.js';
import { placeName } from '../chat/place-name.js';
import { texts } from '../language/language.js';
import { messageTexts } from '../language/messages.js';
import { MessageCard } from '../messages/message-card.js';
import { showFrame } from '../messages/show-frame.js';
import { piecesOf } from './highlighted.js';

interface DialogProps {
  readonly chat: Chat;
  readonly onDone: () => void;
}

/** What is looked for. */
interface Wanted {
  readonly q: string;
  readonly isHere: boolean;
}

/** Finds what was said, here or anywhere; and where one is mentioned, before anything is looked for. */
export function SearchDialog({ chat, onDone }: DialogProps) {
  const words = messageTexts.value;
  const [wanted, setWanted] = useState<Wanted>({ q: '', isHere: false });
  const [found, setFound] = useState<FoundPage | null>(null);
  const search = (before: FoundPage | null): void => {
    void chat.acts.perform(async (calls, where) => {
      const page = await calls.search(wanted.q.trim(), {
        ...(wanted.isHere ? { in: where } : {}),
        ...(before?.next ? { cursor: before.next } : {}),
      });
      setFound({ ...page, items: [...(before?.items ?? []), ...page.items] });
    });
  };
  const show = (frame: PresentFrame): void => {
    onDone();
    showFrame(chat, frame);
  };
  return (
    <Modal title={words.search} onDone={onDone}>
      <SearchForm
        wanted={wanted}
        onChange={setWanted}
        onSearch={() => {
          if (wanted.q.trim() !== '') search(null);
        }}
      />
      <p class="composer-notice" role="alert">
        {chat.acts.failure.value}
      </p>
      {found === null ? (
        <Mentions chat={chat} onShow={show} />
      ) : (
        <Results
          chat={chat}
          found={found}
          onShow={show}
          onMore={() => {
            search(found);
          }}
        />
      )}
      <div class="actions">
        <button type="button" onClick={onDone}>
          {texts.value.close}
        </button>
      </div>
    </Modal>
  );
}

interface FormProps {
  readonly wanted: Wanted;
  readonly onChange: (wanted: Wanted) => void;
  readonly onSearch: () => void;
}

function SearchForm({ wanted, onChange, onSearch }: FormProps) {
  const words = messageTexts.value;
  return (
    <form
      class="search-form"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch();
      }}
    >
      <div class="search-line">
        <label class="search">
          <Icon name="search" />
          <span class="unseen">{words.searchFor}</span>
          <input
            type="search"
            name="q"
            autocomplete="off"
            maxLength={200}
            placeholder={words.searchFor}
            value={wanted.q}
            onInput={({ currentTarget: { value } }) => {
              onChange({ ...wanted, q: value });
            }}
          />
        </label>
        <button class="primary" type="submit" aria-disabled={wanted.q.trim() === ''}>
          {words.find}
        </button>
      </div>
      <label class="choice">
        <input
          type="checkbox"
          checked={wanted.isHere}
          onChange={({ currentTarget: { checked } }) => {
            onChange({ ...wanted, isHere: checked });
          }}
        />
        <span>{words.here}</span>
      </label>
    </form>
  );
}

interface ResultsProps {
  readonly chat: Chat;
  readonly found: FoundPage;
  readonly onShow: (frame: PresentFrame) => void;
  readonly onMore: () => void;
}

function Results({ chat, found, onShow, onMore }: ResultsProps) {
  const words = messageTexts.value;
  const { items, next, partial = false } = found;
  return (
    <>
      <p class="hint" role="status">
        {items.length === 0 ? words.noneFound : words.found(items.length)}
        {partial && ` ${words.partial}`}
      </p>
      <ul class="cards">
        {items.map((frame) => (
          <FoundCard key={frame.id} chat={chat} frame={frame} onShow={onShow} />
        ))}
      </ul>
      {next !== null && (
        <button class="small" type="button" onClick={onMore}>
          {words.more}
        </button>
      )}
    </>
  );
}

interface FoundCardProps {
  readonly chat: Chat;
  readonly frame: PresentFrame & Partial<Pick<FoundFrame, 'highlights'>>;
  readonly onShow: (frame: PresentFrame) => void;
}

function FoundCard({ chat, frame, onShow }: FoundCardProps) {
  const place = placeName(chat, conversationOf(frame, chat.self.username));
  return (
    <MessageCard
      frame={frame}
      place={place}
      onShow={() => {
        onShow(frame);
      }}
    >
      {piecesOf(frame.data, frame.highlights ?? []).map(({ text, isFound }, index) =>
        isFound ? <mark key={index}>{text}</mark> : text,
      )}
      {(frame.attachments ?? []).map(({ id, name }) => (
        <span key={id} class="card-file">
          <Icon name="file" />
          <bdi>{name}</bdi>
        </span>
      ))}
    </MessageCard>
  );
}

function Mentions({ chat, onShow }: Pick<ResultsProps, 'chat' | 'onShow'>) {
  const words = messageTexts.value;
  const [items, setItems] = useState<readonly PresentFrame[] | null>(null);
  useEffect(() => {
    void chat.acts.perform(async (calls) => {
      setItems((await calls.mentions({ limit: 20 })).items);
    });
  }, []);
  if (items === null) return null;
  return (
    <section class="mentions">
      <h3>{words.mentions}</h3>
      {items.length === 0 && <p class="hint">{words.noMentions}</p>}
      <ul class="cards">
        {items.map((frame) => (
          <FoundCard key={frame.id} chat={chat} frame={frame} onShow={onShow} />
        ))}
      </ul>
    </section>
  );
}
