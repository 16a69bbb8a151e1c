import { Injectable } from '@nestjs/common';
import { PersonBudget } from '../auth/person-budget.js';
import { type Reader, MarkStore } from '../chat/marks/mark-store.js';
import type { ReadBy } from '../chat/marks/read-marks.js';
import {
  ConversationFinder,
  type FoundConversation,
} from '../chat/messages/conversation-finder.js';
import { ReadingService } from '../chat/messages/reading.service.js';
import type { Person } from '../kernel/person.js';
import type { ListRequest } from './query.js';
import type { ReadBody } from './read-bodies.js';

/** What a call costs beside its price: by conversations, or for all of them. */
const NAMES_PER_UNIT = 5;
const ALL_UNITS = 20;

/** Where a mark stands now. */
export interface ReadAnswer {
  readonly seq: number;
  readonly unread: number;
}

export interface ReadsAnswer {
  readonly data: Readonly<Record<string, number>> | 'all';
}

export interface ReaderPage {
  readonly items: readonly Reader[];
  /** Give this as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/**
 * What people have read, over HTTP: as the socket's frames of type 11, with their refusals. The name
 * of a private conversation's other person is the field `username`.
 */
@Injectable()
export class ReadPages {
  constructor(
    private readonly finder: ConversationFinder,
    private readonly reading: ReadingService,
    private readonly marks: MarkStore,
    private readonly budget: PersonBudget,
  ) {}

  async readRoom(me: Person, room: string, body: ReadBody): Promise<ReadAnswer> {
    return this.readOne(me, await this.finder.room(me, room), body);
  }

  async readDirect(me: Person, username: string, body: ReadBody): Promise<ReadAnswer> {
    return this.readOne(me, await this.finder.direct(me, username, 'username'), body);
  }

  async readMany(me: Person, data: ReadsAnswer['data']): Promise<ReadsAnswer> {
    if (data === 'all') {
      this.budget.charge(me.id, ALL_UNITS);
      await this.reading.readAll(byCall(me));
      return { data };
    }
    this.budget.charge(me.id, Object.keys(data).length / NAMES_PER_UNIT);
    return { data: await this.reading.readMany(byCall(me), data) };
  }

  /** Who has read a message of a room, of those who said so. */
  async readers(
    me: Person,
    room: string,
    seq: number,
    { limit, after }: ListRequest,
  ): Promise<ReaderPage> {
    const { conversation } = await this.finder.room(me, room);
    const found = await this.marks.readers(conversation, seq, limit + 1, after);
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  private async readOne(
    me: Person,
    target: FoundConversation,
    body: ReadBody,
  ): Promise<ReadAnswer> {
    const wanted = { seq: body.seq, unread: body.unread ?? false };
    const { seq, unread } = await this.reading.readOne(byCall(me), target, wanted);
    return { seq, unread };
  }
}

/** No connection said it: all of them are told. */
function byCall(person: Person): ReadBy {
  return { person, connectionId: '' };
}
