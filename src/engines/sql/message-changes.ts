import { sql } from 'kysely';
import type { MessageChange, MessageRef } from '../../chat/log/message-change.js';
import { digestOf, EMPTIED, hashOfRef } from './body-digest.js';
import type { Statement } from './statement.js';
import { idOf, isMessage, may, must, type Seq, whole } from './change-parts.js';
import { goneInThread, replyInThread } from './thread-changes.js';

type Change<Op extends MessageChange['op']> = MessageChange & { readonly op: Op };
type Translation<Op extends MessageChange['op']> = (
  change: Change<Op>,
  seq: Seq,
) => readonly Statement[];

/** @param at the number of the event that brings the change */
export function translateMessageChange(change: MessageChange, at: Seq): readonly Statement[] {
  // Each operation's own translation takes what its key says, which the compiler cannot see.
  const translation = TRANSLATIONS[change.op] as Translation<MessageChange['op']>;
  return translation(change, at);
}

const TRANSLATIONS: { readonly [Op in MessageChange['op']]: Translation<Op> } = {
  'expect-message': ({ version, ...message }, at) => [
    version === 0
      ? must(sql`
          insert into message_states (conversation_id, seq, version, changed_seq)
          select id, ${whole(message.seq)}, 1, ${at} from conversations
          where key = ${message.conversation}
          on conflict do nothing`)
      : must(sql`update message_states set version = version + 1, changed_seq = ${at}
          where ${isMessage(message)} and version = ${whole(version)}`),
  ],
  // It changes nothing: that there is a row to write says that all of them are there.
  'expect-members': ({ room, people, ...message }) => [
    must(sql`update message_states set version = version
      where ${isMessage(message)} and (
        select count(*) from room_members
        where room_id = ${room} and left_seq is null
          and person_id in (${sql.join([...people])})) = ${whole(people.length)}`),
  ],
  'edit-message': ({ was, body, time, ...message }, at) => [
    must(sql`update events set text = ${body}, digest = coalesce(digest, ${digestOf(was)})
      where ${isMessage(message)}`),
    must(sql`update message_states
      set edited_seq = ${at}, edited_at = ${whole(time)}, edits = edits + 1
      where ${isMessage(message)}`),
    entryOf(message, at),
  ],
  'delete-message': (change, at) => deletion(change, at),
  react: ({ added, removed, ...message }, at) => [
    ...added.map(({ key, person }) =>
      must(sql`
        insert into message_reactions (conversation_id, seq, key, person_id, at_seq)
        select id, ${whole(message.seq)}, ${key}, ${person}, ${at} from conversations
        where key = ${message.conversation}
        on conflict do nothing`),
    ),
    ...removed.map(({ key, person }) =>
      must(sql`delete from message_reactions
        where ${isMessage(message)} and key = ${key} and person_id = ${person}`),
    ),
    must(sql`update message_states
      set reactions = reactions + ${whole(added.length - removed.length)}
      where ${isMessage(message)}`),
    entryOf(message, at),
  ],
  pin: ({ person, most, ...message }, at) => [
    must(sql`update message_states set pinned_seq = ${at}, pinned_by = ${person}
      where ${isMessage(message)} and (
        select count(*) from message_states as pinned
        where pinned.conversation_id = ${idOf(message.conversation)}
          and pinned.pinned_seq is not null) < ${whole(most)}`),
  ],
  unpin: (message) => [
    must(sql`update message_states set pinned_seq = null, pinned_by = null
      where ${isMessage(message)}`),
  ],
  'reply-in-thread': replyInThread,
  mention: ({ conversation, people }, at) => [
    may(sql`
      insert into mentions (person_id, conversation_id, seq)
      select users.id, conversations.id, ${at} from conversations, users
      where conversations.key = ${conversation} and users.id in (${sql.join([...people])})`),
  ],
  'mention-all': ({ conversation, author }, at) => [
    may(sql`
      insert into mentions_of_all (conversation_id, seq, author_id)
      select id, ${at}, ${author} from conversations where key = ${conversation}`),
  ],
  attach: ({ conversation, owner, ids }, at) =>
    ids.map((id) =>
      must(sql`
        update attachments set conversation_id = ${idOf(conversation)}, seq = ${at}
        where id = ${id} and owner_id = ${owner} and state = 'ready' and seq is null`),
    ),
  'keep-ref': ({ conversation, author, ref, part }, at) => [
    must(sql`
      insert into part_refs (ref, author_id, conversation_id, seq, digest)
      select ${hashOfRef(ref)}, ${author}, id, ${at}, ${digestOf(part)} from conversations
      where key = ${conversation}
      on conflict do nothing`),
  ],
};

function deletion(
  { was, body, by, counted, thread, ...message }: Change<'delete-message'>,
  at: Seq,
): readonly Statement[] {
  const shrink = may(sql`update message_states
    set thread_count = thread_count - 1, changed_seq = ${at}
    where conversation_id = ${idOf(message.conversation)} and seq = ${whole(thread ?? 0)}`);
  return [
    must(sql`update events set text = ${body}, digest = coalesce(digest, ${digestOf(was)})
      where ${isMessage(message)}`),
    may(sql`update events set text = '', digest = ${EMPTIED}
      where conversation_id = ${idOf(message.conversation)} and seq in (
        select entry.seq from message_entries as entry
        where entry.conversation_id = ${idOf(message.conversation)}
          and entry.target = ${whole(message.seq)})`),
    must(sql`update message_states
      set deleted_seq = ${at}, deleted_by = ${by}, counted = ${whole(counted ? 1 : 0)},
        pinned_seq = null, pinned_by = null, reactions = 0
      where ${isMessage(message)}`),
    ...['message_reactions', 'mentions', 'mentions_of_all'].map((table) =>
      may(sql`delete from ${sql.table(table)} where ${isMessage(message)}`),
    ),
    may(sql`update attachments set state = 'gone' where ${isMessage(message)}`),
    ...(thread === null ? [] : [shrink]),
    ...(thread === null || counted ? [] : [goneInThread(message, thread)]),
  ];
}

/** The event's body goes with the message. */
function entryOf({ conversation, seq }: MessageRef, at: Seq): Statement {
  return may(sql`
    insert into message_entries (conversation_id, target, seq)
    select id, ${whole(seq)}, ${at} from conversations where key = ${conversation}`);
}
