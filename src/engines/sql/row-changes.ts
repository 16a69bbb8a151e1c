import type { Kysely, RawBuilder } from 'kysely';
import type { RoomChange } from '../../chat/conversations/room-change.js';
import type { MessageChange, RowChange } from '../../chat/log/message-change.js';
import type { BoundStatement } from './bound-statement.js';
import { translateMessageChange } from './message-changes.js';
import { translate } from './room-changes.js';
import type { Schema } from './schema.js';
import { bind, NUMBER_OF_EVENT, type Statement } from './statement.js';

/** The changes of a draft, as statements that take its number. */
export function statementsOf(
  changes: readonly RowChange[],
  database: Kysely<Schema>,
): readonly BoundStatement[] {
  return changes
    .flatMap((change) => statementsFor(change, NUMBER_OF_EVENT))
    .map((statement) => bind(statement, database));
}

function statementsFor(change: RowChange, seq: RawBuilder<number>): readonly Statement[] {
  return isAboutRoom(change) ? translate(change, seq) : translateMessageChange(change, seq);
}

function isAboutRoom(change: RowChange): change is RoomChange {
  return !MESSAGE_CHANGES.has(change.op);
}

const MESSAGE_CHANGES: ReadonlySet<RowChange['op']> = new Set<MessageChange['op']>([
  ...([
    'expect-message',
    'expect-members',
    'edit-message',
    'delete-message',
    'react',
    'pin',
    'unpin',
  ] as const),
  ...(['reply-in-thread', 'mention', 'mention-all', 'attach', 'keep-ref'] as const),
]);
