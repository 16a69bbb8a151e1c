import { type Kysely, sql } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import type { ChatEvent, Receipt } from '../../chat/log/event.js';
import type { Appended, PageRequest } from '../../chat/log/event-log.js';
import {
  type MentionRequest,
  MessageStore,
  type ReactionCount,
  type RefOwner,
} from '../../chat/log/message-store.js';
import { digestOf, hashOfRef, isSameBody, type KeptBody } from './body-digest.js';
import type { Schema } from './schema.js';
import { eventsOf, selectEvents } from './sql-event-reader.js';

export class SqlMessageStore extends MessageStore {
  /** @param storable a ref as the database stores it */
  constructor(
    private readonly database: Kysely<Schema>,
    private readonly storable: (ref: string) => string,
  ) {
    super();
  }

  override async at(
    conversation: ConversationKey,
    seqs: readonly number[],
  ): Promise<readonly ChatEvent[]> {
    if (seqs.length === 0) return [];
    const rows = await this.eventsIn(conversation)
      .where('events.seq', 'in', seqs)
      .orderBy('events.seq')
      .execute();
    return eventsOf(this.database, conversation, rows);
  }

  override async stored(owners: readonly RefOwner[]): Promise<readonly (Appended | null)[]> {
    if (owners.length === 0) return [];
    const [events, parts] = await Promise.all([
      this.storedEvents(owners),
      this.storedParts(owners),
    ]);
    return owners.map((owner) => {
      const event = events.get(nameOf(owner.author.id, this.storable(owner.ref)));
      if (event !== undefined) return answer(owner, event, isSameBody(owner, event));
      const part = parts.get(nameOf(owner.author.id, hashOfRef(owner.ref)));
      return part === undefined ? null : answer(owner, part, part.digest === digestOf(owner));
    });
  }

  override async reactions(
    conversation: ConversationKey,
    seqs: readonly number[],
    personId: string,
  ): Promise<ReadonlyMap<number, readonly ReactionCount[]>> {
    const found = new Map<number, ReactionCount[]>();
    if (seqs.length === 0) return found;
    const { rows } = await sql<{ seq: number; key: string; count: number; me: number }>`
      select seq, key, count(*) as count,
        sum(case when person_id = ${personId} then 1 else 0 end) as me
      from message_reactions
      where conversation_id = (select id from conversations where key = ${conversation})
        and seq in (${sql.join([...seqs])})
      group by seq, key order by seq, min(at_seq), key`.execute(this.database);
    for (const { seq, key, count, me } of rows) {
      const of = found.get(seq) ?? [];
      found.set(seq, of);
      of.push({ key, count, me: me > 0 });
    }
    return found;
  }

  override async reactionsOf(
    conversation: ConversationKey,
    seq: number,
    people: readonly string[],
  ): Promise<readonly { readonly key: string; readonly person: string }[]> {
    return this.database
      .selectFrom('message_reactions')
      .innerJoin('conversations', 'conversations.id', 'message_reactions.conversation_id')
      .select(['message_reactions.key', 'message_reactions.person_id as person'])
      .where('conversations.key', '=', conversation)
      .where('message_reactions.seq', '=', seq)
      .where('message_reactions.person_id', 'in', [...people])
      .execute();
  }

  override async changedAfter(
    conversation: ConversationKey,
    request: { readonly after: number; readonly from: number; readonly limit: number },
  ): Promise<readonly ChatEvent[]> {
    const { after, from, limit } = request;
    const rows = await this.eventsIn(conversation)
      .where('events.target', 'is', null)
      .where('state.changed_seq', '>', after)
      .where('events.seq', '>=', from)
      .orderBy('state.changed_seq')
      .orderBy('events.seq')
      .limit(limit)
      .execute();
    return eventsOf(this.database, conversation, rows);
  }

  override async countPins(conversation: ConversationKey): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from message_states
      where conversation_id = (select id from conversations where key = ${conversation})
        and pinned_seq is not null`.execute(this.database);
    return rows[0]?.count ?? 0;
  }

  override async pins(conversation: ConversationKey, limit: number): Promise<readonly ChatEvent[]> {
    const rows = await this.eventsIn(conversation)
      .where('events.target', 'is', null)
      .where('state.pinned_seq', 'is not', null)
      .orderBy('state.pinned_seq', 'desc')
      .limit(limit)
      .execute();
    return eventsOf(this.database, conversation, rows);
  }

  override async thread(
    conversation: ConversationKey,
    root: number,
    { before, after, limit }: PageRequest,
  ): Promise<readonly ChatEvent[]> {
    let query = this.eventsIn(conversation)
      .innerJoin('thread_entries as entry', (join) =>
        join
          .onRef('entry.conversation_id', '=', 'events.conversation_id')
          .onRef('entry.seq', '=', 'events.seq'),
      )
      .where('entry.root', '=', root)
      .limit(limit);
    if (before !== undefined) query = query.where('entry.seq', '<', before);
    if (after !== undefined) query = query.where('entry.seq', '>', after);
    const rows = await query.orderBy('entry.seq', after === undefined ? 'desc' : 'asc').execute();
    const events = await eventsOf(this.database, conversation, rows);
    return after === undefined ? events.reverse() : events;
  }

  override async mentions(request: MentionRequest): Promise<readonly ChatEvent[]> {
    const { limit, after } = request;
    const rows = await selectEvents(this.database)
      .innerJoin('conversations', 'conversations.id', 'events.conversation_id')
      .select('conversations.key')
      .where(sql<boolean>`(events.conversation_id, events.seq) in (${mentionsOf(request)})`)
      .where('events.id', '<', after?.id ?? '~')
      .orderBy('events.id', 'desc')
      .limit(limit)
      .execute();
    const events: ChatEvent[] = [];
    for (const row of rows) events.push(...(await eventsOf(this.database, row.key, [row])));
    return events;
  }

  private eventsIn(conversation: ConversationKey) {
    return selectEvents(this.database).where('events.conversation_id', '=', (query) =>
      query
        .selectFrom('conversations')
        .select('conversations.id')
        .where('conversations.key', '=', conversation),
    );
  }

  /** Rows of the list are looked up one by one, each by the index of refs. */
  private async storedEvents(owners: readonly RefOwner[]): Promise<ReadonlyMap<string, Stored>> {
    const wanted = owners.map(({ ref, author }) => sql`(${this.storable(ref)}, ${author.id})`);
    const { rows } = await sql<Stored>`
      with wanted (ref, author_id) as (values ${sql.join(wanted)})
      select wanted.ref, wanted.author_id as author, conversations.key, events.seq,
        events.seq - events.uncounted as n, events.id, events.time, events.kind, events.target,
        events.text as body, events.digest
      from wanted cross join events cross join conversations
      where events.ref = wanted.ref and events.author_id = wanted.author_id
        and conversations.id = events.conversation_id`.execute(this.database);
    return byOwner(rows);
  }

  private async storedParts(owners: readonly RefOwner[]): Promise<ReadonlyMap<string, Stored>> {
    const wanted = owners.map(({ ref, author }) => sql`(${hashOfRef(ref)}, ${author.id})`);
    const { rows } = await sql<Stored>`
      with wanted (ref, author_id) as (values ${sql.join(wanted)})
      select wanted.ref, wanted.author_id as author, conversations.key, events.seq,
        events.seq - events.uncounted as n, events.id, events.time, part_refs.digest
      from wanted cross join part_refs cross join events cross join conversations
      where part_refs.ref = wanted.ref and part_refs.author_id = wanted.author_id
        and events.conversation_id = part_refs.conversation_id and events.seq = part_refs.seq
        and conversations.id = events.conversation_id`.execute(this.database);
    return byOwner(rows);
  }
}

/** What a ref stands for; of a part of an event only the digest is known. */
interface Stored extends KeptBody, Receipt {
  readonly ref: string;
  readonly author: string;
  readonly key: ConversationKey;
}

function byOwner(rows: readonly Stored[]): ReadonlyMap<string, Stored> {
  return new Map(rows.map((row) => [nameOf(row.author, row.ref), row]));
}

function nameOf(author: string, ref: string): string {
  return `${author} ${ref}`;
}

function answer({ conversation }: RefOwner, stored: Stored, isSame: boolean): Appended {
  const { key, id, seq, n, time } = stored;
  if (key !== conversation || !isSame) return { status: 'conflict' };
  return { status: 'duplicate', receipt: { id, seq, n, time } };
}

/** Where a person is mentioned, of what the person may read now. */
function mentionsOf({ personId, withLobby }: MentionRequest) {
  const isSeen = sql`(member.left_seq is null
    and (rooms.history <> 'joined' or mention.seq >= member.joined_seq))`;
  const rooms = (mentions: ReturnType<typeof sql>) => sql`
    select mention.conversation_id, mention.seq from room_members as member
    join rooms on rooms.id = member.room_id
    join conversations on conversations.key = 'room:' || rooms.id
    join ${mentions} as mention on mention.conversation_id = conversations.id
    where member.person_id = ${personId} and ${isSeen}`;
  const lobby = sql`
    union all select mention.conversation_id, mention.seq from mentions_of_all as mention
    join conversations on conversations.id = mention.conversation_id
    where conversations.key = ${LOBBY_KEY} and mention.author_id <> ${personId}
    union all select mention.conversation_id, mention.seq from mentions as mention
    join conversations on conversations.id = mention.conversation_id
    where conversations.key = ${LOBBY_KEY} and mention.person_id = ${personId}`;
  return sql`
    select mention.conversation_id, mention.seq from mentions as mention
    join direct_members as direct on direct.conversation_id = mention.conversation_id
      and direct.person_id = mention.person_id
    where mention.person_id = ${personId}
    union all ${rooms(sql`(select * from mentions where mentions.person_id = ${personId})`)}
    union all ${rooms(sql`(select * from mentions_of_all
      where mentions_of_all.author_id <> ${personId})`)}
    ${withLobby ? lobby : sql``}`;
}
