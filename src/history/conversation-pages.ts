import { Inject, Injectable } from '@nestjs/common';
import { Access, type Action, rightsIn } from '../chat/conversations/access.js';
import { directKey, roomKey } from '../chat/conversations/key.js';
import { IN_THE_LOBBY, LOBBY, LOBBY_ROOM } from '../chat/conversations/lobby.js';
import { principalOf } from '../chat/conversations/principal.js';
import { firstVisible, RIGHTS, type Role } from '../chat/conversations/room.js';
import type { Level } from '../chat/conversations/room-change.js';
import { MarkStore, type Overview, type OverviewCursor } from '../chat/marks/mark-store.js';
import { ReadMarks } from '../chat/marks/read-marks.js';
import { bodyOf } from '../chat/messages/kinds/kinds.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Person } from '../kernel/person.js';
import type { OverviewsRequest } from './query.js';

type Named = { readonly room: string } | { readonly user: Person };

/** A conversation in the list of them. */
export type ConversationItem = Named & {
  /** What a room is called for people; null where its name has to do. */
  readonly title: string | null;
  /** The highest number in it. */
  readonly seq: number;
  /** How many of its events count as unread to a person. */
  readonly n: number;
  /** The last number that the reader has read. */
  readonly read: number;
  readonly unread: number;
  readonly mentions: number;
  readonly level: Level;
  /** Until when devices are silent (ms since the epoch); null: they are not. */
  readonly muted_until: number | null;
  /** The last message; null where there is none, or the last entry is something else. */
  readonly last: {
    readonly user: Person;
    readonly data: string;
    /** How many files it has. */
    readonly attachments?: number;
    readonly seq: number;
    readonly time: number;
  } | null;
  readonly me: { readonly role: Role; readonly may: readonly Action[] };
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
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async page(me: Person, { limit, after }: OverviewsRequest): Promise<ConversationList> {
    const behind = after === undefined ? undefined : cursorOf(me, after);
    const found = await this.store.overviews(me.id, this.settings.lobby, limit + 1, behind);
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const items: ConversationItem[] = [];
    for (const one of shown) items.push(await this.itemOf(me, one));
    return { items, next: last === undefined ? null : nextOf(last) };
  }

  private async itemOf(me: Person, overview: Overview): Promise<ConversationItem> {
    const { conversation, head, n } = overview;
    const { read, unread, mentions } = await this.marks.current(me.id, conversation, overview);
    return {
      ...nameOf(overview),
      title: overview.room?.room.title ?? null,
      seq: head,
      n,
      read,
      unread,
      mentions,
      level: overview.room?.settings.level ?? 'all',
      muted_until: overview.room?.settings.mutedUntil ?? null,
      last: lastOf(overview),
      me: this.placeOf(me, overview),
    };
  }

  private placeOf(
    me: Person,
    { conversation, with: other, room }: Overview,
  ): ConversationItem['me'] {
    if (other === null) {
      const { room: about, membership } = room ?? { room: LOBBY_ROOM, membership: IN_THE_LOBBY };
      return { role: membership.role, may: ['read', ...rightsIn(about, membership)] };
    }
    const principal = principalOf(me);
    const may = RIGHTS.filter((one) => this.access.mayDo(principal, conversation, one).allowed);
    return { role: 'member', may: ['read', ...may] };
  }
}

function nameOf({ with: user, room }: Overview): Named {
  return user === null ? { room: room?.room.name ?? LOBBY } : { user };
}

function lastOf({ last, room }: Overview): ConversationItem['last'] {
  const from = room === null ? 1 : firstVisible(room.room, room.membership);
  if (last === null || last.seq < from) return null;
  const body = bodyOf(last);
  if (body?.kind !== 'message') return null;
  const files = body.attachments?.length ?? 0;
  return {
    ...{ user: last.author, data: body.text, seq: last.seq, time: last.time },
    ...(files === 0 ? {} : { attachments: files }),
  };
}

function cursorOf(me: Person, after: NonNullable<OverviewsRequest['after']>): OverviewCursor {
  const conversation = 'roomId' in after ? roomKey(after.roomId) : directKey(me.id, after.peerId);
  return { time: after.time, conversation };
}

/** By ids: a name can pass to somebody, or something, else between two pages. */
function nextOf({ time, with: user, room }: Overview): string {
  return `${time}.${user === null ? (room?.room.id ?? LOBBY) : `@${user.id}`}`;
}
