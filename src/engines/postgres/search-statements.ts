/** The latest messages, among which a common word is found: each is looked at. */
const RECENT_MESSAGES = 2_000;

const ORDER = 'order by time desc, conversation_id desc, seq desc';

/** $1: what is looked for; $2 to $4: below which place; $5: after which time; $6: at most so many. */
const BOUNDS = `(time, conversation_id, seq) < ($2::bigint, $3::bigint, $4::bigint)
  and time > $5::bigint`;

/**
 * Those of the latest messages that are looked for; and, where there are more messages, a row without a
 * key that says where these end.
 */
export const RECENT = `
  with recent as materialized (
    select conversation_id, seq, time, words from search_messages
    where ${BOUNDS} ${ORDER} limit ${RECENT_MESSAGES}),
  found as (
    select conversation_id, seq, time from recent
    where words @@ $1::tsquery ${ORDER} limit $6::bigint),
  last as (select conversation_id, seq, time from recent ${ORDER}
    offset ${RECENT_MESSAGES - 1})
  select key, conversation_id, seq, time
  from found join conversations on conversations.id = conversation_id
  union all select null, conversation_id, seq, time from last
  ${ORDER}`;

/** All of them. Found by the words first, and then put in order: the other way round it reads everything. */
export const ALL = `
  with found as materialized (
    select conversation_id, seq, time from search_messages
    where words @@ $1::tsquery and ${BOUNDS}),
  first as (select conversation_id, seq, time from found ${ORDER} limit $6::bigint)
  select key, conversation_id, seq, time
  from first join conversations on conversations.id = conversation_id
  ${ORDER}`;
