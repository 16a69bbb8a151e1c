import { Injectable } from '@nestjs/common';
import { Access, type Action } from '../chat/conversations/access.js';
import { type ConversationKey, directKey, parseKey, roomKey } from '../chat/conversations/key.js';
import { roomsOf } from '../chat/conversations/lobby.js';
import { principalOf } from '../chat/conversations/principal.js';
import { MarkStore, type Overview, type OverviewCursor } from '../chat/marks/mark-store.js';
import { ReadMarks } from '../chat/marks/read-marks.js';
import { bodyOf } from '../chat/messages/kinds/kinds.js';
import { messageKind } from '../chat/messages/kinds/message.js';
import type { Person } from '../kernel/person.js';
import type { OverviewsRequest } from './query.js';

const ACTIONS: readonly Action[] = ['read', 'send'];

type Named = { readonly room: string } | { readonly user: Person };

/** A conversation in the list of them. */
export type ConversationItem = Named & {
  /** The highest number in it. */
  readonly seq: number;
  /** How many of its events count as unread to a person. */
  readonly n: number;
  /** The last number that the reader has read. */
  readonly read: number;
  readonly unread: number;
  readonly mentions: number;
  readonly level: 'all';
  /** The last message; null where there is none, or the last entry is something else. */
  readonly last: {
    readonly user: Person;
    readonly data: string;
    readonly seq: number;
    readonly time: number;
  } | null;
  readonly me: { readonly role: 'member'; readonly may: readonly Action[] };
};

export interface ConversationList {
  readonly items: readonly ConversationItem[];
  /** Give this as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** All conversations of somebody, latest first, with what is unread: what a client shows at its side. */
@Injectable()
export class ConversationPages {
  constructor(
    private readonly store: MarkStore,
    private readonly marks: ReadMarks,
    private readonly access: Access,
  ) {}

  async page(me: Person, { limit, after }: OverviewsRequest): Promise<ConversationList> {
    const behind = after === undefined ? undefined : cursorOf(me, after);
    const found = await this.store.overviews(me.id, roomsOf(me), limit + 1, behind);
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const items: ConversationItem[] = [];
    for (const one of shown) items.push(await this.itemOf(me, one));
    return { items, next: last === undefined ? null : nextOf(last) };
  }

  private async itemOf(me: Person, overview: Overview): Promise<ConversationItem> {
    const { conversation, head, n } = overview;
    const { read, unread } = await this.marks.current(me.id, conversation, overview);
    return {
      ...nameOf(overview),
      seq: head,
      n,
      read,
      unread,
      mentions: 0,
      level: 'all',
      last: lastOf(overview),
      me: { role: 'member', may: this.mayDo(me, conversation) },
    };
  }

  private mayDo(me: Person, conversation: ConversationKey): readonly Action[] {
    const principal = principalOf(me);
    return ACTIONS.filter((one) => this.access.mayDo(principal, conversation, one).allowed);
  }
}

function nameOf({ conversation, with: user }: Overview): Named {
  if (user !== null) return { user };
  const parsed = parseKey(conversation);
  return { room: parsed.kind === 'room' ? parsed.room : '' };
}

function lastOf({ last, time }: Overview): ConversationItem['last'] {
  const body = last === null ? null : bodyOf(last);
  if (last === null || body === null) return null;
  return { user: last.author, ...messageKind.fields(body), seq: last.seq, time };
}

function cursorOf(me: Person, after: NonNullable<OverviewsRequest['after']>): OverviewCursor {
  const conversation = 'room' in after ? roomKey(after.room) : directKey(me.id, after.peerId);
  return { time: after.time, conversation };
}

/** Names the other person by id: a name can pass to another one between two pages. */
function nextOf(overview: Overview): string {
  const named = nameOf(overview);
  return `${overview.time}.${'room' in named ? named.room : `@${named.user.id}`}`;
}
