import { type Conversation, LOBBY, partnerOf, RoomCalls } from '@parley/client';
import type { Person } from '@parley/protocol';
import { useEffect } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import type { Mentionables } from '../chat/mentionable.js';
import { messageTexts } from '../language/messages.js';
import { Avatar } from '../people/avatar.js';

/** People who are offered at once, and among whom of a room is looked. */
const OFFERED = 6;
const MOST_MEMBERS = 200;
/** A name that is being written, at the end of the text. */
const BEGUN = /(?:^|[^a-z0-9])@(\S{0,64})$/iu;

interface MentionListProps {
  readonly chat: Chat;
  readonly conversation: Conversation;
  readonly text: string;
  readonly onChoose: (text: string) => void;
}

/** Offers those who can be mentioned, while a name is being written. */
export function MentionList({ chat, conversation, text, onChoose }: MentionListProps) {
  const words = messageTexts.value;
  useEffect(() => {
    void chat.acts.perform(async () => {
      chat.mentionable.learn(conversation, await mentionablesIn(chat, conversation));
    });
  }, [conversation]);
  const begun = BEGUN.exec(text)?.[1];
  if (begun === undefined) return null;
  const { people, all } = chat.mentionable.in(conversation);
  const names = people.map(({ username }) => username);
  const isMeant = (name: string): boolean =>
    name.toLowerCase().startsWith(begun.toLowerCase()) && name !== begun;
  const offered = [...(all ? [words.all] : []), ...names].filter(isMeant).slice(0, OFFERED);
  if (offered.length === 0) return null;
  return (
    <ul class="offered" aria-label={words.members}>
      {offered.map((name) => (
        <li key={name}>
          <button
            class="menu-choice"
            type="button"
            onClick={() => {
              onChoose(`${text.slice(0, text.length - begun.length)}${name} `);
              document.getElementById('composer')?.focus();
            }}
          >
            {all && name === words.all ? <Everybody /> : <Somebody name={name} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Somebody({ name }: { name: string }) {
  return (
    <>
      <Avatar name={name} />
      <bdi>{name}</bdi>
    </>
  );
}

function Everybody() {
  return (
    <>
      <Icon name="people" />
      <span>
        {messageTexts.value.all} – {messageTexts.value.everybody}
      </span>
    </>
  );
}

/** Whom a message may mention there: nobody else would be told. */
async function mentionablesIn(chat: Chat, conversation: Conversation): Promise<Mentionables> {
  const online = chat.people.sorted.value;
  const partner = partnerOf(conversation);
  const others = ({ id }: Person): boolean => id !== chat.self.id;
  if (partner !== null) {
    return { people: online.filter(({ username }) => username === partner), all: false };
  }
  if (conversation === LOBBY) return { people: online.filter(others), all: false };
  return chat.ask(async (rest, token) => {
    const calls = new RoomCalls(rest, token);
    const [{ me }, { items }] = await Promise.all([
      calls.get(conversation),
      calls.members(conversation, { limit: MOST_MEMBERS }),
    ]);
    const people = items.map(({ user }) => user).filter(others);
    return { people, all: me?.may.includes('mention_all') === true };
  });
}
