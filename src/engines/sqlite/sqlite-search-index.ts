import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Scheduler } from '../../kernel/scheduler.js';
import {
  type FindRequest,
  type Found,
  type IndexEntry,
  type IndexProgress,
  SearchIndex,
  type TermQuery,
} from '../../search/search-index.js';
import { DataFolder } from './data-folder.js';
import { DatabaseThread } from './database-thread.js';
import type { FileIdentity } from './file-watch.js';
import { unavailable } from './failures.js';
import { IndexScan } from './index-scan.js';
import type { IndexRow } from './thread-protocol.js';

/** Why a file was not opened that is to be thrown away: nothing stands in it that is not elsewhere. */
const WORTHLESS = /^(?:OTHER_INDEX|SQLITE_CORRUPT|SQLITE_NOTADB)/;

/**
 * The index of messages: FTS5 in a file of its own beside the database. One thread writes it, another one
 * reads it, so that the event loop waits for neither, and neither for the chat. The service starts without
 * waiting for them, and the one that reads comes with the first search.
 */
export class SqliteSearchIndex extends SearchIndex {
  private readonly logger = new Logger('SearchIndex');
  private readonly folder: DataFolder;
  private identity: FileIdentity | null = null;
  private indexer: DatabaseThread;
  private readonly reader: DatabaseThread;
  private readonly scan: IndexScan;
  /** Whether there is an index to use. */
  private opening: Promise<boolean> = Promise.resolve(false);
  private reading: Promise<void> | null = null;

  constructor(dataDir: string, clock: Clock, scheduler: Scheduler) {
    super();
    this.folder = new DataFolder(dataDir);
    this.indexer = this.thread('indexer');
    this.reader = this.thread('reader');
    const read: IndexScan['read'] = (statement) => this.reader.request({ op: 'run', ...statement });
    this.scan = new IndexScan(read, clock, scheduler);
  }

  /**
   * Begins to open the file; the folder is claimed before. Where that fails the service does without an
   * index, and says so in its log: every search is refused.
   */
  open(): void {
    this.opening = this.openIndexer().then(
      () => true,
      (error: unknown) => {
        this.logger.error({ event: 'search-unavailable', file: this.folder.searchFile, error });
        return false;
      },
    );
  }

  async close(): Promise<void> {
    await this.opening;
    await this.reading?.catch(() => undefined);
    // The last one to close writes the log back: let it be who wrote it.
    await this.reader.close();
    await this.indexer.close();
  }

  override async put(entries: readonly IndexEntry[]): Promise<void> {
    await this.opened();
    const rows = entries.map(({ conversation, seq, message }): IndexRow => {
      if (message === null) return [conversation, seq, null];
      const { authorId, time, text, hasAttachment = false } = message;
      return [conversation, seq, [authorId, time, text, hasAttachment]];
    });
    await this.indexer.request({ op: 'index', rows: JSON.stringify(rows) });
  }

  override async find(query: TermQuery, request: FindRequest): Promise<Found> {
    await this.opened();
    await (this.reading ??= this.startReading());
    return this.scan.find(query, request);
  }

  override async progress(): Promise<IndexProgress> {
    const rows = await this.run('select phase, lag_ms as lagMs, told_at as toldAt from progress');
    const [told] = JSON.parse(rows) as readonly IndexProgress[];
    return told ?? { phase: 'new', lagMs: 0, toldAt: 0 };
  }

  override async enter(phase: IndexProgress['phase']): Promise<void> {
    await this.run(
      `insert into progress (id, phase, lag_ms, told_at) values (1, ?, 0, 0)
       on conflict (id) do update set phase = excluded.phase`,
      phase,
    );
  }

  override async tell({ lagMs, toldAt }: Omit<IndexProgress, 'phase'>): Promise<void> {
    await this.run('update progress set lag_ms = ?, told_at = ?', lagMs, toldAt);
  }

  private async run(sql: string, ...parameters: readonly unknown[]): Promise<string> {
    await this.opened();
    return (await this.indexer.request({ op: 'run', sql, parameters })).rows;
  }

  /** @throws Refusal where there is no index: trying again does not help */
  private async opened(): Promise<void> {
    if (!(await this.opening)) throw new Refusal('index-behind', { retryable: false });
  }

  private async startReading(): Promise<void> {
    try {
      await this.reader.start();
    } catch (error) {
      this.reading = null;
      this.logger.error({ event: 'search-unavailable', file: this.folder.searchFile, error });
      throw unavailable();
    }
  }

  private async openIndexer(): Promise<void> {
    this.identity = this.folder.makeSearchFile();
    try {
      await this.indexer.start();
    } catch (error) {
      if (!(error instanceof Error) || !WORTHLESS.test(error.message)) throw error;
      this.logger.warn({ event: 'search-index-made-anew', file: this.folder.searchFile, error });
      this.folder.removeSearchFile();
      this.identity = this.folder.makeSearchFile();
      this.indexer = this.thread('indexer');
      await this.indexer.start();
    }
  }

  private thread(role: 'indexer' | 'reader'): DatabaseThread {
    const identity = (): FileIdentity => {
      if (this.identity === null) throw new Error('The index of messages is not open');
      return this.identity;
    };
    const subject = role === 'reader' ? 'Searching messages' : 'Indexing messages';
    return new DatabaseThread(role, this.folder.searchFile, identity, subject);
  }
}
