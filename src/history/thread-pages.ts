import { Inject, Injectable } from '@nestjs/common';
import { LOBBY } from '../chat/conversations/lobby.js';
import { type FollowedThread, type ThreadMark, ThreadStore } from '../chat/marks/thread-store.js';
import { ThreadService } from '../chat/messages/changing/thread.service.js';
import { visibleOf } from '../chat/messages/changing/visible-conversation.js';
import type { FoundConversation, FoundRoom } from '../chat/messages/conversation-finder.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Person } from '../kernel/person.js';
import type { MessageItem } from './message-item.js';
import { MessageView } from './message-view.js';
import type { ListRequest } from './query.js';
import type { ReadBody } from './read-bodies.js';

/** A thread in the list of those that the reader follows. */
export type ThreadItem = ({ readonly room: string } | { readonly user: Person }) & {
  /** Its first message. */
  readonly root: MessageItem;
  /** Replies that are there. */
  readonly count: number;
  /** The number of the last reply; 0 where there is none. */
  readonly last_seq: number;
  /** The last number that the reader has read of it. */
  readonly read: number;
  /** Replies behind that which stand in the thread alone. */
  readonly unread: number;
};

export interface ThreadList {
  /** The latest reply first. */
  readonly items: readonly ThreadItem[];
  /** Give this as `after` for the next page; null at the end. */
  readonly next: string | null;
}

type Found = FoundConversation | FoundRoom;

/** Following threads over HTTP, and reading them: as the socket's frame of type 11 with `thread`. */
@Injectable()
export class ThreadPages {
  constructor(
    private readonly threads: ThreadService,
    private readonly store: ThreadStore,
    private readonly view: MessageView,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** All threads that the reader follows, wherever they are. */
  async list(me: Person, { limit, after }: ListRequest): Promise<ThreadList> {
    const cursor = after === undefined ? {} : { after };
    const found = await this.store.followed({
      ...{ personId: me.id, withLobby: this.settings.lobby, limit: limit + 1 },
      ...cursor,
    });
    const shown = found.slice(0, limit);
    const items: ThreadItem[] = [];
    for (const one of shown) items.push(...(await this.itemOf(me, one)));
    return { items, next: found.length > limit ? (shown.at(-1)?.latest ?? null) : null };
  }

  follow(me: Person, found: Found, seq: number): Promise<ThreadMark> {
    return this.threads.follow(me, visibleOf(found), seq, 'seq');
  }

  unfollow(me: Person, found: Found, seq: number): Promise<ThreadMark> {
    return this.threads.unfollow(me, visibleOf(found), seq, 'seq');
  }

  read(me: Person, found: Found, root: number, body: ReadBody): Promise<ThreadMark> {
    const wanted = { seq: body.seq, unread: body.unread ?? false };
    return this.threads.read({ person: me, connectionId: '' }, visibleOf(found), root, wanted);
  }

  private async itemOf(me: Person, thread: FollowedThread): Promise<readonly ThreadItem[]> {
    const { root, with: user, seq: read, unread } = thread;
    const room = thread.room ?? LOBBY;
    const [item] = await this.view.items(me, [root], user === null ? room : '');
    if (item === undefined) return [];
    const { count = 0, lastSeq = 0 } = root.state?.thread ?? {};
    const place = user === null ? { room } : { user };
    return [{ ...place, root: item, count, last_seq: lastSeq, read, unread }];
  }
}
