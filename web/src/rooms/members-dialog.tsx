import type { Member, Page } from '@parley/client';
import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Modal } from '../chat/modal.js';
import { texts } from '../language/language.js';
import { roomTexts } from '../language/rooms.js';
import { Avatar } from '../people/avatar.js';
import { useAttempt } from './attempt.js';
import { ask } from './calls.js';

interface DialogProps {
  readonly chat: Chat;
  readonly onDone: () => void;
}

/** Who is in the room that is shown; to add somebody, and to leave it. */
export function MembersDialog({ chat, onDone }: DialogProps) {
  const words = roomTexts.value;
  const [room] = useState(chat.active.value);
  const [members, setMembers] = useState<Page<Member>>({ items: [], next: null });
  const { failure, attempt } = useAttempt();
  const load = async (before: Page<Member> | null): Promise<void> => {
    const after = before?.next ?? undefined;
    const page = await ask(chat, (calls) =>
      calls.members(room, { limit: 50, ...(after === undefined ? {} : { after }) }),
    );
    setMembers({ items: [...(before?.items ?? []), ...page.items], next: page.next });
  };
  useEffect(() => {
    attempt(() => load(null));
  }, []);
  const leave = async (): Promise<void> => {
    await ask(chat, (calls) => calls.leave(room));
    await chat.listRooms();
    onDone();
  };
  return (
    <Modal title={texts.value.roomMembers} isReading onDone={onDone}>
      <ul class="entries choices-list">
        {members.items.map(({ user, role }) => (
          <li key={user.id} class="entry">
            <Avatar name={user.username} />
            <bdi class="entry-name">{user.username}</bdi>
            <span class="you">{texts.value.roles[role] ?? role}</span>
          </li>
        ))}
      </ul>
      {members.next !== null && (
        <button
          class="small"
          type="button"
          onClick={() => {
            attempt(() => load(members));
          }}
        >
          {words.more}
        </button>
      )}
      {chat.rooms.may(room, 'invite') && (
        <AddMember
          onAdd={(name) => {
            attempt(async () => {
              await ask(chat, (calls) => calls.put(room, name));
              await load(null);
            });
          }}
        />
      )}
      <p class="composer-notice" role="alert">
        {failure}
      </p>
      <div class="actions">
        <button
          type="button"
          onClick={() => {
            attempt(leave);
          }}
        >
          {words.leave}
        </button>
        <button type="button" onClick={onDone}>
          {texts.value.close}
        </button>
      </div>
    </Modal>
  );
}

function AddMember({ onAdd }: { onAdd: (name: string) => void }) {
  const words = roomTexts.value;
  const [name, setName] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === '') return;
        onAdd(name.trim());
        setName('');
      }}
    >
      <label class="field">
        <span>{words.add}</span>
        <input
          name="member"
          autocomplete="off"
          value={name}
          onInput={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      </label>
      <div class="actions">
        <button type="submit">{words.addNow}</button>
      </div>
    </form>
  );
}
