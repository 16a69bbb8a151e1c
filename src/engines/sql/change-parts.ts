import { type RawBuilder, sql } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { MessageRef } from '../../chat/log/message-change.js';
import type { Statement } from './statement.js';

/** The number of the event that brings a change, as an expression. */
export type Seq = RawBuilder<number>;

export function isMessage({ conversation, seq }: MessageRef): RawBuilder<boolean> {
  return sql<boolean>`conversation_id = ${idOf(conversation)} and seq = ${whole(seq)}`;
}

export function idOf(conversation: ConversationKey): RawBuilder<number> {
  return sql<number>`(select id from conversations where key = ${conversation})`;
}

export function whole(value: number): RawBuilder<number> {
  return sql<number>`cast(${value} as bigint)`;
}

/** It has to change a row. */
export function must(query: RawBuilder<unknown>): Statement {
  return { query, must: true };
}

export function may(query: RawBuilder<unknown>): Statement {
  return { query, must: false };
}
