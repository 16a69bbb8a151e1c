import { Inject, Injectable } from '@nestjs/common';
import { parseKey } from '../chat/conversations/key.js';
import { LOBBY } from '../chat/conversations/lobby.js';
import { RoomStore } from '../chat/conversations/room-store.js';
import type { ChatEvent } from '../chat/log/event.js';
import { EventLog, type PageRequest } from '../chat/log/event-log.js';
import { MessageStore } from '../chat/log/message-store.js';
import { type ThreadMark, ThreadStore } from '../chat/marks/thread-store.js';
import { MOST_DELETED } from '../chat/messages/changing/deletion-rules.js';
import { targetMessage } from '../chat/messages/changing/target-message.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import type { MessageItem } from './message-item.js';
import { MessageView } from './message-view.js';
import type { ListRequest } from './query.js';
import type { ReadableLog } from './readable-log.js';

/** Pinned at once in one conversation, by far. */
const MOST_PINS = 200;
/** Messages that one event can change: those that it deletes, and the roots of their threads. */
const MOST_AT_ONCE = 2 * MOST_DELETED;

export interface PinList {
  /** The latest pin first. */
  readonly items: readonly MessageItem[];
}

export interface ThreadPage {
  readonly root: MessageItem;
  /** Whether the reader follows it, and how far it was read. */
  readonly me: ThreadMark;
  /** In ascending order. */
  readonly items: readonly MessageItem[];
  /** Pass as `before` for the replies before these; null where there are none. */
  readonly next_before: number | null;
  /** Pass as `after` for the replies after these; null where there are none yet. */
  readonly next_after: number | null;
}

export interface ChangesPage {
  /** In the order in which they changed last. */
  readonly items: readonly (MessageItem & { readonly changed: number })[];
  /** The conversation's highest number. */
  readonly head: number;
  /** Pass as `after` for the changes after these; null where there are none yet. */
  readonly next_after: number | null;
}

export interface MentionList {
  /** The latest first. */
  readonly items: readonly MessageItem[];
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** What can be asked of messages beside their order: what was pinned, said in threads, or changed. */
@Injectable()
export class MessageLists {
  constructor(
    private readonly messages: MessageStore,
    private readonly log: EventLog,
    private readonly threads: ThreadStore,
    private readonly rooms: RoomStore,
    private readonly view: MessageView,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async pins(reader: Person, { conversation, room, from }: ReadableLog): Promise<PinList> {
    const found = await this.messages.pins(conversation, MOST_PINS);
    const seen = found.filter(({ seq }) => seq >= from);
    return { items: await this.view.items(reader, seen, room) };
  }

  /** @throws Refusal `unknown-message` where the root is none, or not to be seen; by rejection */
  async thread(
    reader: Person,
    { conversation, room, from }: ReadableLog,
    seq: number,
    request: PageRequest,
  ): Promise<ThreadPage> {
    const limit = request.limit + 1;
    const [roots, me, found] = await Promise.all([
      this.messages.at(conversation, [seq]),
      this.threads.mark(reader.id, { conversation, root: seq }),
      this.messages.thread(conversation, seq, { ...request, limit }),
    ]);
    const isAfter = request.after !== undefined;
    const isMore = found.length > request.limit;
    const shown = isAfter ? found.slice(0, request.limit) : found.slice(-request.limit);
    const [root] = await this.view.items(reader, [rootOf(roots[0], from)], room);
    if (root === undefined) throw new Refusal('unknown-message', { field: 'seq' });
    const last = roots[0]?.state?.thread?.lastSeq ?? 0;
    // A first reply may have come between the two reads: an empty page leads to it.
    const end = shown.at(-1)?.seq ?? request.after ?? seq;
    return {
      root,
      me,
      items: await this.view.items(reader, shown, room),
      next_before: isBeginning(request, isMore) ? null : (shown[0]?.seq ?? null),
      next_after: end < last ? end : null,
    };
  }

  async changes(
    reader: Person,
    { conversation, room, from }: ReadableLog,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<ChangesPage> {
    // The head first: whoever goes on from it has everything that changed up to there.
    const heads = await this.log.heads([conversation]);
    const wanted = { after, from, limit: limit + MOST_AT_ONCE + 1 };
    const found = await this.messages.changedAfter(conversation, wanted);
    const shown = wholeChanges(found, limit);
    const items = await this.view.items(reader, shown, room);
    const changed = new Map(shown.map(({ seq, state }) => [seq, state?.changed ?? 0]));
    return {
      items: items.map((item) => ({ ...item, changed: changed.get(item.seq) ?? 0 })),
      head: heads.get(conversation) ?? 0,
      next_after: shown.length < found.length ? (shown.at(-1)?.state?.changed ?? null) : null,
    };
  }

  /** What mentions the reader, wherever that is. */
  async mentions(reader: Person, { limit, after }: ListRequest): Promise<MentionList> {
    const withLobby = this.settings.lobby;
    const cursor = after === undefined ? {} : { after: { id: after } };
    const request = { personId: reader.id, withLobby, limit: limit + 1, ...cursor };
    const found = await this.messages.mentions(request);
    const shown = found.slice(0, limit);
    const names = await this.namesOf(shown);
    const items: MessageItem[] = [];
    for (const event of shown) {
      items.push(...(await this.view.items(reader, [event], names(event))));
    }
    return { items, next: found.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  private async namesOf(events: readonly ChatEvent[]): Promise<(event: ChatEvent) => string> {
    const ids = new Set<string>();
    for (const { conversation } of events) {
      const parsed = parseKey(conversation);
      if (parsed.kind === 'room' && parsed.roomId !== LOBBY) ids.add(parsed.roomId);
    }
    const rooms = await this.rooms.byIds([...ids]);
    return ({ conversation }) => {
      const parsed = parseKey(conversation);
      if (parsed.kind === 'direct') return '';
      return rooms.get(parsed.roomId)?.name ?? LOBBY;
    };
  }
}

/** The root of a thread, deleted or not. */
function rootOf(event: ChatEvent | undefined, from: number): ChatEvent {
  if (event?.state?.deleted && event.seq >= from) return event;
  return targetMessage(event, from, 'seq');
}

/** Whether nothing comes before the page. */
function isBeginning({ after }: PageRequest, isMore: boolean): boolean {
  return after === undefined ? !isMore : after === 0;
}

/** The page ends between two numbers, so that `next_after` leaves nothing out. */
function wholeChanges(found: readonly ChatEvent[], limit: number): readonly ChatEvent[] {
  const last = found[limit - 1]?.state?.changed;
  const end = found.findIndex(({ state }, index) => index >= limit && state?.changed !== last);
  return end < 0 ? found : found.slice(0, end);
}
