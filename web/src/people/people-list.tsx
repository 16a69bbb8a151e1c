import type { Person } from '@parley/protocol';
import { useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { Skeleton } from '../chat/skeleton.js';
import { language, texts } from '../language/language.js';
import { Avatar } from './avatar.js';

/** People listed at a time; the search finds the others. */
const LISTED = 150;
/** From this many people on there is a search. */
const MANY = 8;

/** Who is online; choosing somebody opens the private conversation with them. */
export function PeopleList({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const [wanted, setWanted] = useState('');
  const words = texts.value;
  const { count } = chat.people;
  const found = chat.people.find(wanted);
  const isKnown = chat.people.isKnown.value;
  const more = (wanted === '' ? count : found.length) - Math.min(found.length, LISTED);
  return (
    <section class="people" aria-label={words.peopleOnline} data-stale={!isKnown}>
      <h2>
        {words.peopleOnline}{' '}
        {isKnown && <span class="count">{count.toLocaleString(language.value)}</span>}
      </h2>
      {!isKnown && count === 0 && <Skeleton lines={3} />}
      {(count >= MANY || wanted !== '') && (
        <label class="search">
          <Icon name="search" />
          <span class="unseen">{words.findPeople}</span>
          <input
            type="search"
            placeholder={words.findPeople}
            value={wanted}
            onInput={(event) => {
              setWanted(event.currentTarget.value);
              void chat.people.nameEverybody();
            }}
          />
        </label>
      )}
      <ul class="entries">
        {found.slice(0, LISTED).map((person) => (
          <PersonEntry key={person.id} chat={chat} person={person} onDone={onDone} />
        ))}
      </ul>
      {isKnown && more > 0 && <p class="hint">{words.morePeople(more)}</p>}
      {isKnown && found.length === 0 && wanted.trim() !== '' && (
        <Absent chat={chat} name={wanted.trim()} onDone={onDone} />
      )}
    </section>
  );
}

interface PersonEntryProps {
  readonly chat: Chat;
  readonly person: Person;
  readonly onDone: () => void;
}

function PersonEntry({ chat, person, onDone }: PersonEntryProps) {
  const words = texts.value;
  if (person.id === chat.self.id) {
    return (
      <li class="entry self">
        <Avatar name={person.username} />
        <bdi class="entry-name">{person.username}</bdi>
        <span class="you">{words.you}</span>
      </li>
    );
  }
  return (
    <li>
      <button
        class="entry"
        type="button"
        title={words.writeTo(person.username)}
        onClick={() => {
          chat.showDirect(person.username);
          onDone();
        }}
      >
        <Avatar name={person.username} />
        <bdi class="entry-name">{person.username}</bdi>
      </button>
    </li>
  );
}

/** Nobody online has that name; who is away can be written to all the same. */
function Absent({ chat, name, onDone }: { chat: Chat; name: string; onDone: () => void }) {
  const words = texts.value;
  return (
    <div class="absent">
      {chat.people.areAllNamed && <p class="hint">{words.nobodyFound}</p>}
      <button
        class="small"
        type="button"
        onClick={() => {
          chat.showDirect(name);
          onDone();
        }}
      >
        {words.writeTo(name)}
      </button>
    </div>
  );
}
