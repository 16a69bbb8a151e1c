import pg, { type PoolClient, type QueryResult } from 'pg';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import type { RowChange } from '../../chat/log/message-change.js';
import type { Draft } from '../../chat/log/event.js';
import { type Appended, Unanswered } from '../../chat/log/event-log.js';
import { Refusal } from '../../kernel/refusal.js';
import { type BoundStatement, parametersAt } from '../sql/bound-statement.js';
import type { OutageLog } from '../sql/outage-log.js';
import { MAX_ATTEMPTS, TransactionUndone } from '../sql/transact.js';
import {
  type AppendPlan,
  type LockedLog,
  planAppend,
  type Present,
  type StoredEvent,
} from './append-plan.js';
import * as statements from './append-statements.js';
import { kindOf, refuse } from './failures.js';
import type { PostgresPool } from './postgres-pool.js';
import { storableRef } from './storable-ref.js';

const UNIQUE_VIOLATION = '23505';
/** Cached authors; beyond that they are marked once more. */
const KNOWN_AUTHORS = 100_000;

/** A concurrent writer committed what this transaction had not seen; a retry will see it. */
class Overtaken extends Error {}

/** The connection broke after the commit was sent: it may have succeeded. */
class UnknownOutcome extends Error {
  constructor(
    readonly plan: AppendPlan,
    cause: unknown,
  ) {
    super('The outcome of a commit is unknown', { cause });
  }
}

/**
 * Writes batches of drafts: one transaction each, of two round trips (three for a new
 * conversation).
 *
 * A conversation's row is its lock: whoever holds it assigns the next numbers, until the commit.
 * Rows are locked in the order of their keys, so that two nodes cannot deadlock.
 */
export class EventAppender {
  /** People already marked as authors. */
  private readonly noted = new Set<string>();

  constructor(
    private readonly pool: PostgresPool,
    private readonly outage: OutageLog,
    private readonly statementsOf: (changes: readonly RowChange[]) => readonly BoundStatement[],
  ) {}

  /** @throws Refusal; nothing is stored then, unless it is Unanswered: the outcome is unknown */
  async append(batch: readonly Draft[]): Promise<readonly Appended[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const outcomes = await this.attempt(batch);
        this.outage.worked();
        return outcomes;
      } catch (error) {
        if (error instanceof UnknownOutcome && (await this.wasCommitted(error))) {
          return error.plan.outcomes;
        }
        if (attempt === MAX_ATTEMPTS || !this.isWorthAnother(error, attempt)) {
          throw error instanceof Overtaken ? new TransactionUndone() : refuse(error, this.outage);
        }
      }
    }
  }

  private isWorthAnother(error: unknown, attempt: number): boolean {
    if (error instanceof Refusal) return false;
    if (error instanceof Overtaken || error instanceof UnknownOutcome) return true;
    const kind = kindOf(error);
    // A pooled connection may have died while idle: a new one will tell.
    return kind === 'undone' || (kind === 'connection' && attempt === 1);
  }

  private async attempt(batch: readonly Draft[]): Promise<readonly Appended[]> {
    return this.withConnection(async (client) => {
      const keys = [...new Set(batch.map((draft) => draft.conversation))];
      const logs = await this.lock(client, keys, batch);
      const ids = new Map(logs.locked.map(({ key, id }) => [key, id]));
      const stale = new Set<Draft>();
      const begun: ConversationKey[] = [];
      for (;;) {
        const plan = planAppend(batch, logs, stale);
        if (plan.events.length === 0) {
          await client.query('rollback');
          return plan.outcomes;
        }
        begun.push(...(await begin(client, plan, ids)));
        const found = await this.change(client, plan);
        if (found === null) {
          await this.store(client, plan, ids, begun);
          return plan.outcomes;
        }
        stale.add(found);
      }
    });
  }

  private async store(
    client: PoolClient,
    plan: AppendPlan,
    ids: ReadonlyMap<ConversationKey, number>,
    begun: readonly ConversationKey[],
  ): Promise<void> {
    const authors = this.newAuthors(plan);
    await write(client, plan, ids, begun, authors);
    this.remember(authors);
  }

  /**
   * Carries out what the plan's events change.
   * @returns the first draft whose rows are not as it expects, and nothing is changed then
   */
  private async change(client: PoolClient, { events }: AppendPlan): Promise<Draft | null> {
    const changing = events.filter(({ draft }) => draft.changes !== undefined);
    if (changing.length === 0) return null;
    await client.query('savepoint changes');
    for (const { draft, seq } of changing) {
      for (const statement of this.statementsOf(draft.changes ?? [])) {
        const { rowCount } = await client.query(statement.sql, parametersAt(statement, seq));
        if (!statement.must || rowCount !== 0) continue;
        await client.query('rollback to savepoint changes');
        return draft;
      }
    }
    return null;
  }

  /**
   * Begins the transaction, locks the logs that exist, and then looks up the batch's refs, and who is
   * in its rooms.
   * @throws Refusal where an author has no account
   */
  private async lock(
    client: PoolClient,
    keys: readonly ConversationKey[],
    batch: readonly Draft[],
  ) {
    const authors = [...new Set(batch.map(({ author }) => author.id))];
    const referring = batch.filter(({ ref }) => ref !== null);
    const find = statements.find(
      referring.map(({ ref }) => storableRef(ref ?? '')),
      referring.map(({ author }) => author.id),
    );
    const members = batch.filter(({ fromMemberOf }) => fromMemberOf !== undefined);
    const present = statements.present(
      members.map(({ fromMemberOf }) => fromMemberOf ?? ''),
      members.map(({ author }) => author.id),
    );
    const [, locked, accounts, stored, inside] = await together([
      client.query('begin isolation level read committed'),
      client.query<LockedLog>(statements.lock([...keys])),
      client.query<{ count: number }>(statements.countAccounts(authors)),
      client.query<StoredEvent>(find),
      members.length === 0 ? nothing : client.query<Present>(present),
    ]);
    if (accounts.rows[0]?.count !== authors.length) {
      this.outage.failed('an author has no account');
      throw new Refusal('internal');
    }
    return { locked: locked.rows, stored: stored.rows, present: inside?.rows ?? [] };
  }

  private newAuthors({ events }: AppendPlan): readonly string[] {
    const authors = new Set<string>();
    for (const { draft } of events) {
      if (!this.noted.has(draft.author.id)) authors.add(draft.author.id);
    }
    return [...authors];
  }

  private remember(authors: readonly string[]): void {
    if (this.noted.size + authors.length > KNOWN_AUTHORS) this.noted.clear();
    for (const id of authors) this.noted.add(id);
  }

  /**
   * Asks on a new connection whether a commit succeeded. Its first query waits for the locks of the
   * transaction, if that still runs on the server.
   */
  private async wasCommitted({ plan }: UnknownOutcome): Promise<boolean> {
    const [event] = plan.events;
    if (event === undefined) return true;
    const { key, seq, draft } = event;
    return this.withConnection(async (client) => {
      const [, , , found] = await together([
        client.query('begin isolation level read committed'),
        client.query(statements.create([key])),
        client.query(statements.lock([key])),
        client.query<{ id: string }>(statements.eventAt(key, seq)),
        client.query('rollback'),
      ]);
      return found.rows[0]?.id === draft.id;
    }).catch((error: unknown) => {
      refuse(error, this.outage);
      throw new Unanswered();
    });
  }

  /** A connection that failed in any way is discarded, and its transaction with it. */
  private async withConnection<Result>(
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.pool.take();
    let failed = true;
    try {
      const result = await work(client);
      failed = false;
      return result;
    } finally {
      client.release(failed);
    }
  }
}

/** Creates the plan's new conversations. @returns their keys */
async function begin(
  client: PoolClient,
  plan: AppendPlan,
  ids: Map<ConversationKey, number>,
): Promise<readonly ConversationKey[]> {
  const missing = [...plan.lasts.keys()].filter((key) => !ids.has(key)).sort();
  if (missing.length === 0) return missing;
  const { rows } = await client.query<{ key: ConversationKey; id: number }>(
    statements.create(missing),
  );
  // Somebody else has created one meanwhile: it must be locked, and searched for refs.
  if (rows.length < missing.length) throw new Overtaken();
  for (const { key, id } of rows) ids.set(key, id);
  return missing;
}

async function write(
  client: PoolClient,
  plan: AppendPlan,
  ids: ReadonlyMap<ConversationKey, number>,
  begun: readonly ConversationKey[],
  authors: readonly string[],
): Promise<void> {
  const members = begun.flatMap((key) => {
    const parsed = parseKey(key);
    if (parsed.kind === 'room') return [];
    const [one, other] = parsed.members;
    return [
      [one, ids.get(key), other],
      [other, ids.get(key), one],
    ] as const;
  });
  let commit: QueryResult;
  try {
    [, , , , commit] = await together([
      authors.length === 0 ? nothing : client.query(statements.noteAuthors(authors)),
      members.length === 0 ? nothing : client.query(statements.addMembers(members)),
      client.query(statements.insert(plan.events, ids)),
      client.query(statements.move(plan.lasts, ids)),
      client.query('commit'),
    ]);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION) throw new Overtaken();
    throw kindOf(error) === 'connection' ? new UnknownOutcome(plan, error) : error;
  }
  // A server that rolled back instead says so in its answer.
  if (commit.command !== 'COMMIT') throw new TransactionUndone();
}

const nothing = Promise.resolve(undefined);

/** Pipelines statements. @throws the first failure, once all have been answered */
async function together<const Answers extends readonly unknown[]>(answers: {
  readonly [Index in keyof Answers]: Promise<Answers[Index]>;
}): Promise<Answers> {
  await Promise.allSettled(answers);
  return Promise.all(answers);
}
