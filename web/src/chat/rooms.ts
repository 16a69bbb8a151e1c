import {
  type Conversation,
  type ConversationsPage,
  type ConversationSummary,
  directWith,
  LOBBY,
  partnerOf,
  RestError,
  SessionOver,
} from '@parley/client';
import { signal } from '@preact/signals';

/** Whether it is a room beside the lobby. */
export function isRoom(conversation: Conversation): boolean {
  return conversation !== LOBBY && partnerOf(conversation) === null;
}

/** Conversations of one page of their list. */
export const LIST_PAGE = 200;
/** Pages of the list of conversations that are read: as many rooms as somebody may be in. */
const MOST_PAGES = 6;

/** What anybody may do where nothing else was told yet, and what two people may in private. */
const USUAL = ['send', 'thread', 'react', 'edit', 'upload'];
const IN_PRIVATE = [...USUAL, 'pin'];

/** A room that the person is in, as the sidebar shows it. */
export interface RoomEntry {
  readonly name: Conversation;
  readonly title: string;
}

/** The rooms that the person is in, the lobby left out, by the service's list. */
export class Rooms {
  /** Latest first. */
  readonly list = signal<readonly RoomEntry[]>([]);
  /** Rooms that were opened, and that the person is not in. */
  readonly outside = signal<ReadonlySet<Conversation>>(new Set());

  private readonly rights = signal<ReadonlyMap<Conversation, readonly string[]>>(new Map());

  constructor(private readonly fetchPage: (after?: string) => Promise<ConversationsPage>) {}

  /** @returns what the service told; empty where it could not be asked */
  async load(): Promise<readonly ConversationSummary[]> {
    const all: ConversationSummary[] = [];
    try {
      let next: string | null = null;
      for (let count = 0; count < MOST_PAGES; count++) {
        const page: ConversationsPage = await this.fetchPage(next ?? undefined);
        all.push(...page.items);
        next = page.next;
        if (next === null) break;
      }
    } catch (error) {
      // The next connection asks again; the end of the session is told by the client.
      if (!(error instanceof RestError) && !(error instanceof SessionOver)) throw error;
      return [];
    }
    const rooms = all.filter(({ room = LOBBY }) => room !== LOBBY);
    this.list.value = rooms.map(({ room: name = '', title }) => ({ name, title: title ?? name }));
    this.rights.value = new Map(all.map((one) => [nameOf(one), one.me.may]));
    this.outside.value = new Set([...this.outside.value].filter((one) => !this.find(one)));
    return rooms;
  }

  find(name: Conversation): RoomEntry | undefined {
    return this.list.value.find((one) => one.name === name);
  }

  /** What the person may do in a conversation, as the last list told. */
  may(conversation: Conversation, right: string): boolean {
    const usual = partnerOf(conversation) === null ? USUAL : IN_PRIVATE;
    return (this.rights.value.get(conversation) ?? usual).includes(right);
  }

  /** What a room is called for people. */
  titleOf(name: Conversation): string {
    return this.find(name)?.title ?? name;
  }

  /** The person is not in it. */
  lose(name: Conversation): void {
    this.list.value = this.list.value.filter((one) => one.name !== name);
    this.outside.value = new Set(this.outside.value).add(name);
  }

  rename(was: Conversation, name: Conversation): void {
    this.list.value = this.list.value.map((one) => (one.name === was ? { ...one, name } : one));
  }
}

function nameOf({ room, user }: ConversationSummary): Conversation {
  return user === undefined ? (room ?? '') : directWith(user.username);
}
