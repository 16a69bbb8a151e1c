import { Injectable } from '@nestjs/common';
import type { LogHandler } from '../chat/feed/log-handler.js';
import type { ChatEvent } from '../chat/log/event.js';
import { Clock } from '../kernel/clock.js';
import { Scheduler } from '../kernel/scheduler.js';
import { IndexBatches } from './index-batches.js';
import { fileNamesOf, messagesOf } from '../history/message.js';
import { findableText } from './findable-text.js';
import { PresentMessages } from './present-messages.js';
import { type IndexEntry, SEARCH, SearchIndex } from './search-index.js';
import { type TextChange, textChangesOf } from './text-change.js';

/** Puts what is said in the index, as a follower of the log. */
@Injectable()
export class Indexer implements LogHandler {
  readonly name = SEARCH;
  readonly batch = 1_000;
  /** Many are written together. */
  readonly concurrency = 500;
  /** Each conversation's cursor is written so often. */
  readonly breathMs = 500;
  private readonly batches: IndexBatches;

  constructor(
    index: SearchIndex,
    private readonly messages: PresentMessages,
    clock: Clock,
    scheduler: Scheduler,
  ) {
    this.batches = new IndexBatches(index, clock, scheduler);
  }

  async handle(events: readonly ChatEvent[], _signal: AbortSignal, isRead: boolean): Promise<void> {
    const entries = new Map<number, IndexEntry>();
    for (const event of events) {
      for (const change of textChangesOf(event)) {
        entries.set(change.seq, await this.entryOf(event, change));
      }
    }
    await this.batches.put([...entries.values()], isRead);
  }

  private async entryOf(event: ChatEvent, { seq, text }: TextChange): Promise<IndexEntry> {
    const { conversation } = event;
    if (text === null) return { conversation, seq, message: null };
    // An edit is found where, and under whose name, its message stands, and with its files.
    const origin =
      seq === event.seq ? messagesOf([event], '')[0] : await this.messages.at(conversation, seq);
    if (!origin) return { conversation, seq, message: null };
    const { author, time } = origin;
    const names = fileNamesOf(origin);
    const message = { authorId: author.id, time, text: findableText(text, names) };
    return { conversation, seq, message: { ...message, hasAttachment: names.length > 0 } };
  }
}
