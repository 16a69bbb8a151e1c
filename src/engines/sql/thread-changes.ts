import { type RawBuilder, sql } from 'kysely';
import type { MessageChange, MessageRef } from '../../chat/log/message-change.js';
import type { Statement } from './statement.js';
import { idOf, isMessage, may, must, type Seq, whole } from './change-parts.js';

type Reply = MessageChange & { readonly op: 'reply-in-thread' };

/** A reply: its root sums it up, it is numbered in the thread, and two people follow that. */
export function replyInThread(
  { author, alone, time, ...root }: Reply,
  at: Seq,
): readonly Statement[] {
  const counts = whole(alone ? 1 : 0);
  return [
    must(sql`
      insert into message_states
        (conversation_id, seq, version, changed_seq, thread_count, thread_last, thread_n, thread_user1)
      select id, ${whole(root.seq)}, 1, ${at}, 1, ${at}, ${counts}, ${author} from conversations
      where key = ${root.conversation}
      on conflict (conversation_id, seq) do update
      set changed_seq = excluded.changed_seq, thread_count = message_states.thread_count + 1,
        thread_last = excluded.thread_last,
        thread_n = message_states.thread_n + excluded.thread_n, ${latestFirst()}
      where message_states.deleted_seq is null`),
    may(sql`
      insert into thread_entries (conversation_id, root, seq, ordinal)
      select conversation_id, seq, ${at}, thread_n from message_states where ${isMessage(root)}`),
    follow(root, author, time, at),
  ];
}

/** A reply was deleted that counted as unread in its thread. */
export function goneInThread({ conversation, seq }: MessageRef, root: number): Statement {
  return may(sql`update thread_entries set gone = 1
    where conversation_id = ${idOf(conversation)} and root = ${whole(root)}
      and seq = ${whole(seq)}`);
}

/** Whoever replies has read up to there; whoever began it, up to the beginning unless further. */
function follow(root: MessageRef, author: string, time: number, at: Seq): Statement {
  return may(sql`
    insert into thread_follows (person_id, conversation_id, root, seq, is_followed, time)
    select users.id, ${idOf(root.conversation)}, ${whole(root.seq)}, max(given.mark), 1, ${whole(time)}
    from (
      select author_id as person_id, seq as mark from events where ${isMessage(root)}
      union all select ${author}, ${at}
    ) as given
    join users on users.id = given.person_id
    where true
    group by users.id
    order by users.id
    on conflict (person_id, conversation_id, root) do update
    set time = excluded.time,
      seq = case when excluded.seq > thread_follows.seq then excluded.seq
        else thread_follows.seq end,
      is_followed = case when excluded.person_id = ${author} then 1
        else thread_follows.is_followed end`);
}

/** Whoever replies comes first; nobody is named twice. */
function latestFirst(): RawBuilder<unknown> {
  return sql`
    thread_user3 = case when message_states.thread_user1 = excluded.thread_user1
      or message_states.thread_user2 = excluded.thread_user1
      then message_states.thread_user3 else message_states.thread_user2 end,
    thread_user2 = case when message_states.thread_user1 = excluded.thread_user1
      then message_states.thread_user2 else message_states.thread_user1 end,
    thread_user1 = excluded.thread_user1`;
}
