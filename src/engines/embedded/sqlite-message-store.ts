import type { ConversationKey } from '../../chat/conversation.js';
import type { ChatEvent, Draft } from '../../chat/event.js';
import {
  type ActiveDirect,
  type Appended,
  type DeliveredMark,
  type DirectSummary,
  MessageStore,
  type PageRequest,
} from '../../chat/message-store.js';
import { proveWritable } from '../sql/prove-writable.js';
import { SqlMessageReader } from '../sql/sql-message-reader.js';
import { PendingDirects } from './pending-directs.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { RowOutcome } from './thread-protocol.js';

export class SqliteMessageStore extends MessageStore {
  private readonly reader: SqlMessageReader;
  private readonly pending: PendingDirects;

  constructor(private readonly database: SqliteDatabase) {
    super();
    const reader = new SqlMessageReader(database.queries);
    this.reader = reader;
    this.pending = new PendingDirects({
      ofAll: (limit) => reader.allUndelivered(limit),
      of: (people) => reader.undelivered(people),
    });
  }

  override async append(batch: readonly Draft[]): Promise<readonly Appended[]> {
    const outcomes = await this.write(batch);
    return batch.map(({ id, time }, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('A draft got no answer');
      if (typeof outcome !== 'number') return outcome;
      return { status: 'stored', receipt: { id, seq: outcome, time } };
    });
  }

  private async write(batch: readonly Draft[]): Promise<readonly RowOutcome[]> {
    try {
      return await this.database.append(
        batch.map(({ conversation, id, time, author, text, ref }) => [
          conversation,
          id,
          time,
          author.id,
          text,
          ref,
        ]),
      );
    } finally {
      // Also where it rejects: a thread that died may have committed.
      for (const { conversation } of batch) this.pending.note(conversation);
    }
  }

  override proveWritable(): Promise<void> {
    return proveWritable(this.database.queries);
  }

  override page(
    conversation: ConversationKey,
    request: PageRequest,
  ): Promise<readonly ChatEvent[]> {
    return this.reader.page(conversation, request);
  }

  override heads(
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, number>> {
    return this.reader.heads(conversations);
  }

  override stream(conversation: ConversationKey): AsyncIterable<readonly ChatEvent[]> {
    return this.reader.stream(conversation);
  }

  override directs(personId: string, limit: number): Promise<readonly DirectSummary[]> {
    return this.reader.directs(personId, limit);
  }

  override undelivered(people: readonly string[]): Promise<ReadonlySet<string>> {
    return this.pending.among(people);
  }

  override activeDirects(
    personIds: readonly string[],
    since: number,
  ): Promise<readonly ActiveDirect[]> {
    return this.reader.activeDirects(personIds, since);
  }

  override markDelivered(marks: readonly DeliveredMark[]): Promise<void> {
    return this.database.mark(
      marks.map(({ personId, conversation, seq }) => [personId, conversation, seq]),
    );
  }
}
