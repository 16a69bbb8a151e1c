import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../auth/accounts/user-directory.js';
import { Access } from '../chat/conversations/access.js';
import { type ConversationKey, parseKey } from '../chat/conversations/key.js';
import { principalOf } from '../chat/conversations/principal.js';
import { ConversationFinder } from '../chat/messages/conversation-finder.js';
import { fileNamesOf, textOf } from '../history/message.js';
import { messageItem, type MessageItem } from '../history/message-item.js';
import { Clock } from '../kernel/clock.js';
import { Distribution } from '../kernel/metrics/distribution.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import { highlightsOf, type Range } from './highlights.js';
import { IndexFilling } from './index-filling.js';
import { authorTerm, contentTerm, memberTerm, roomTerm } from './index-terms.js';
import { PresentMessages } from './present-messages.js';
import { phrasesOf } from './query-parser.js';
import { type ReadableRoom, readableRoom, ReadableRooms } from './readable.js';
import { type Hit, SearchIndex, type TermQuery } from './search-index.js';
import type { SearchRequest } from './search-query.js';

/** How long a search looks; what it found by then is the answer. */
const PATIENCE_MS = 500;
/** Searches at once on a node, and what the next one is told to wait (ms). */
const MAX_AT_ONCE = 32;
const RETRY_AFTER_MS = 1_000;
/** Seconds. */
const TIMES = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

export type SearchItem = MessageItem & {
  /** Where in `data` it says what was looked for; none where only the name of a file does. */
  readonly highlights: readonly Range[];
};

export interface SearchAnswer {
  /** Latest first. */
  readonly items: readonly SearchItem[];
  /** Pass as `cursor` for what is older; null at the end. */
  readonly next: string | null;
  readonly indexed: { readonly lag_ms: number };
  /** The time was over before everything was looked at: `next` goes on. */
  readonly partial?: true;
}

/** Where to look, in terms, and what may be shown of each room. */
interface Places {
  readonly any: readonly string[];
  readonly all: readonly string[];
  readonly rooms: ReadonlyMap<ConversationKey, ReadableRoom>;
}

interface Collected {
  readonly items: readonly SearchItem[];
  readonly next: string | null;
  readonly isPartial: boolean;
}

/**
 * Finds what was said, where the person may read it now: the index is asked for the person's
 * conversations only, each message passes the gate, and what it says now has to be what is looked for.
 */
@Injectable()
export class SearchService {
  /** Answered before everything was looked at. */
  partial = 0;
  readonly times = new Distribution(TIMES);
  private running = 0;

  constructor(
    private readonly index: SearchIndex,
    private readonly filling: IndexFilling,
    private readonly messages: PresentMessages,
    private readonly rooms: ReadableRooms,
    private readonly finder: ConversationFinder,
    private readonly people: UserDirectory,
    private readonly access: Access,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws Refusal by rejection: `index-behind`, `busy`; `not-a-member`, `unknown-recipient`,
   *   `self-recipient` for the names in the request; `invalid-field` for a foreign cursor
   */
  async search(me: Person, request: SearchRequest): Promise<SearchAnswer> {
    if (this.running >= MAX_AT_ONCE) throw new Refusal('busy', { retryAfter: RETRY_AFTER_MS });
    this.running++;
    const beganAt = this.clock.monotonic();
    try {
      const places = await this.placesOf(me, request);
      const query = await this.queryOf(request, places);
      const lag_ms = await this.filling.lag();
      const { items, next, isPartial } = await this.collect(me, request, { query, places });
      if (isPartial) this.partial++;
      return { items, next, indexed: { lag_ms }, ...(isPartial && { partial: true }) };
    } finally {
      this.running--;
      this.times.observe((this.clock.monotonic() - beganAt) / 1_000);
    }
  }

  private async queryOf(request: SearchRequest, { any, all }: Places): Promise<TermQuery> {
    const { terms, from, has, after, before } = request;
    const said = terms.filter(({ isExcluded }) => !isExcluded).flatMap(phrasesOf);
    const none = terms.filter(({ isExcluded }) => isExcluded).flatMap(phrasesOf);
    const author = from === null ? [] : [authorTerm((await this.author(from)).id)];
    const content = has === null ? [] : [contentTerm(has)];
    const narrowing = [...all, ...author, ...content].map((term) => [term]);
    return { any, all: [...narrowing, ...said], none, after, before };
  }

  private async placesOf(me: Person, request: SearchRequest): Promise<Places> {
    if (request.room !== null) {
      const { room, membership } = await this.finder.roomToRead(me, request.room);
      return { any: [roomTerm(room.key)], all: [], rooms: new Map(readableRoom(room, membership)) };
    }
    const own = memberTerm(me.id);
    if (request.with !== null) {
      const { other } = await this.finder.direct(me, request.with, 'with');
      return { any: [own], all: other === null ? [] : [memberTerm(other.id)], rooms: new Map() };
    }
    const rooms = await this.rooms.of(me);
    return { any: [own, ...Array.from(rooms.keys(), roomTerm)], all: [], rooms };
  }

  private async author(name: string): Promise<Person> {
    const person = await this.people.findPartner(name);
    if (person === null) throw new Refusal('unknown-recipient', { field: 'from' });
    return person;
  }

  /** Asks the index for one more than is wanted, which tells whether there is a next page. */
  private async collect(
    me: Person,
    request: SearchRequest,
    { query, places }: { readonly query: TermQuery; readonly places: Places },
  ): Promise<Collected> {
    const { limit } = request;
    const until = this.clock.monotonic() + PATIENCE_MS;
    const items: SearchItem[] = [];
    let { cursor } = request;
    for (;;) {
      const patienceMs = until - this.clock.monotonic();
      if (patienceMs <= 0) return { items, next: cursor, isPartial: true };
      const wanted = limit - items.length + 1;
      const { hits, next } = await this.index.find(query, { limit: wanted, cursor, patienceMs });
      const shown = await this.shown(me, request, places, hits);
      for (const [at, item] of shown.entries()) {
        if (items.length === limit) return { items, next: cursor, isPartial: false };
        if (item !== null) items.push(item);
        cursor = hits[at]?.cursor ?? cursor;
      }
      if (next === null) return { items, next: null, isPartial: false };
      cursor = next;
      if (hits.length < wanted) return { items, next, isPartial: true };
    }
  }

  /** Null in place of each that is not to be shown. */
  private async shown(
    me: Person,
    request: SearchRequest,
    { rooms }: Places,
    hits: readonly Hit[],
  ): Promise<readonly (SearchItem | null)[]> {
    const readable = await this.readable(me, hits);
    return Promise.all(
      hits.map(async (hit) => {
        const { conversation, seq } = hit;
        const isRoom = parseKey(conversation).kind === 'room';
        const room = rooms.get(conversation);
        const isOpen = isRoom ? room !== undefined && seq >= room.from : true;
        return isOpen && readable.has(conversation) ? this.itemOf(hit, request, room) : null;
      }),
    );
  }

  private async readable(me: Person, hits: readonly Hit[]): Promise<ReadonlySet<ConversationKey>> {
    const readable = new Set<ConversationKey>();
    for (const conversation of new Set(hits.map((hit) => hit.conversation))) {
      const { allowed } = await this.access.decide(principalOf(me), conversation, 'read');
      if (allowed) readable.add(conversation);
    }
    return readable;
  }

  private async itemOf(
    { conversation, seq }: Hit,
    { terms }: SearchRequest,
    room?: ReadableRoom,
  ): Promise<SearchItem | null> {
    const message = await this.messages.at(conversation, seq, room?.name);
    const highlights = message && highlightsOf(textOf(message), terms, fileNamesOf(message));
    return message && highlights && { ...messageItem(message), highlights };
  }
}
