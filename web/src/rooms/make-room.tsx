import { type NewRoom, randomRef } from '@parley/client';
import { useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { texts } from '../language/language.js';
import { roomTexts } from '../language/rooms.js';
import { useAttempt } from './attempt.js';
import { ask, open } from './calls.js';

const KINDS = ['public', 'private', 'announcement'] as const;

/** A form that makes a room, and leads there. */
export function MakeRoom({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const words = roomTexts.value;
  const [name, setName] = useState('');
  const [kind, setKind] = useState<NewRoom['kind']>('public');
  // However often it is tried, it makes one room of a name.
  const [ref, setRef] = useState(randomRef());
  const { failure, isBusy, attempt } = useAttempt();
  const make = async (): Promise<void> => {
    const wanted = { name: name.trim(), kind, history: 'all', ref } as const;
    await open(chat, await ask(chat, (calls) => calls.create(wanted)));
    onDone();
  };
  const change = (next: () => void): void => {
    setRef(randomRef());
    next();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') attempt(make);
      }}
    >
      <h3>{words.make}</h3>
      <label class="field">
        <span>{words.name}</span>
        <input
          name="room"
          autocomplete="off"
          maxLength={64}
          value={name}
          onInput={({ currentTarget: { value } }) => {
            change(() => {
              setName(value);
            });
          }}
        />
      </label>
      <fieldset class="formats">
        <legend>{words.kind}</legend>
        {KINDS.map((one) => (
          <label key={one} class="choice">
            <input
              type="radio"
              name="kind"
              checked={kind === one}
              onChange={() => {
                change(() => {
                  setKind(one);
                });
              }}
            />
            <span>{words.kinds[one]}</span>
          </label>
        ))}
      </fieldset>
      <p class="composer-notice" role="alert">
        {failure}
      </p>
      <div class="actions">
        <button type="button" onClick={onDone}>
          {texts.value.cancel}
        </button>
        <button class="primary" type="submit" aria-disabled={isBusy || name.trim() === ''}>
          {words.makeNow}
        </button>
      </div>
    </form>
  );
}
