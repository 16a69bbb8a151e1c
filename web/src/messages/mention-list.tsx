import { type Conversation, LOBBY, partnerOf, RoomCalls } from '@parley/client';
import type { Person } from '@parley/protocol';
import { useEffect } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
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
  useEffect(() => {
    void chat.acts.perform(async () => {
      chat.mentionable.learn(conversation, await peopleIn(chat, conversation));
    });
  }, [conversation]);
  const begun = BEGUN.exec(text)?.[1];
  if (begun === undefined) return null;
  const needle = begun.toLowerCase();
  const offered = chat.mentionable
    .in(conversation)
    .filter(({ username }) => username.toLowerCase().startsWith(needle) && username !== begun)
    .slice(0, OFFERED);
  if (offered.length === 0) return null;
  return (
    <ul class="offered" aria-label={messageTexts.value.members}>
      {offered.map(({ id, username }) => (
        <li key={id}>
          <button
            class="menu-choice"
            type="button"
            onClick={() => {
              onChoose(`${text.slice(0, text.length - begun.length)}${username} `);
              document.getElementById('composer')?.focus();
            }}
          >
            <Avatar name={username} />
            <bdi>{username}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Whom a message may mention there: nobody else would be told. */
async function peopleIn(chat: Chat, conversation: Conversation): Promise<readonly Person[]> {
  const online = chat.people.sorted.value;
  const partner = partnerOf(conversation);
  if (partner !== null) return online.filter(({ username }) => username === partner);
  const others = ({ id }: Person): boolean => id !== chat.self.id;
  if (conversation === LOBBY) return online.filter(others);
  const { items } = await chat.ask((rest, token) =>
    new RoomCalls(rest, token).members(conversation, { limit: MOST_MEMBERS }),
  );
  return items.map(({ user }) => user).filter(others);
}
