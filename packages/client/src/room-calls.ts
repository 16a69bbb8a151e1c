import type { MemberFrame, Person, RoomState } from '@parley/protocol';
import { type Conversation, directWith, pathOf } from './conversation.js';
import { queryText, type RestClient } from './rest.js';

export type Role = MemberFrame['data']['role'];
/** What somebody may do in a room, `read` and the rights: open, since later services have more. */
export type May = readonly string[];

/** A page of a list: give `next` as `after` for the next one; null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface PageOptions {
  /** 1 to 200. */
  readonly limit?: number;
  readonly after?: string;
}

/** A room, as its members and the directory see it. */
export interface Room extends RoomState {
  /** Never changes, whatever the room is called. */
  readonly id: string;
  /** How many people are in it; null in the lobby, where everybody is. */
  readonly members: number | null;
  /** Null for whoever is not in it. */
  readonly me: { readonly role: Role; readonly may: May } | null;
}

/** A room to be made. Who makes it is its owner. */
export interface NewRoom extends Pick<RoomState, 'name' | 'kind' | 'history'> {
  readonly title?: string | null;
  readonly topic?: string | null;
  /** Names of people to be added at once, 100 at most. */
  readonly members?: readonly string[];
  /** The same ref makes the same room, however often the call is repeated. */
  readonly ref?: string;
}

/** What is to change of a room; what is absent stays. */
export type RoomPatch = Partial<Omit<RoomState, 'archived'>>;

/** Where and when the person came into a room. */
export interface Arrival {
  readonly id: string;
  readonly seq: number;
  readonly time: number;
  readonly room: Room;
}

export interface Member {
  readonly user: Person;
  readonly role: Role;
  /** When the person came in last (ms since the epoch). */
  readonly since: number;
}

export interface MemberSettings {
  readonly level: 'all' | 'mentions' | 'none';
  /** Until when devices are silent (ms since the epoch); null: they are not. */
  readonly muted_until: number | null;
}

export interface Invitation {
  readonly room: Room;
  readonly by: Person;
  readonly time: number;
}

export interface LinkOptions {
  /** How often it can be used; without end unless given. */
  readonly uses?: number | null;
  /** Seconds; for ever unless given. */
  readonly expires_in?: number | null;
}

export interface RoomLink {
  /** Whoever has it may come in. It is told this once. */
  readonly code: string;
  readonly uses: number | null;
  readonly expires_at: number | null;
}

export interface BanOptions {
  readonly reason?: string | null;
  /** Seconds; for ever unless given. */
  readonly expires_in?: number | null;
}

export interface Ban {
  readonly user: Person;
  readonly by: Person;
  readonly reason: string | null;
  /** Milliseconds since the epoch; null: for ever. */
  readonly until: number | null;
  readonly time: number;
}

/** What became of a message that was posted. */
export interface Posted {
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}

/**
 * Rooms over HTTP. Every call rejects with a {@link RestError} only: its code is `not-a-member` for a
 * private room that one is not in, whether there is one or not, and `forbidden` without the right.
 */
export class RoomCalls {
  constructor(
    private readonly rest: RestClient,
    private readonly accessToken: string,
  ) {}

  create(room: NewRoom): Promise<Room> {
    return this.call('POST', '/rooms', room);
  }

  /** Public rooms, by their names. @param q what their names begin with; empty: all */
  directory(q = '', options: PageOptions = {}): Promise<Page<Room>> {
    return this.call('GET', `/rooms${queryText({ ...(q === '' ? {} : { q }), ...options })}`);
  }

  get(room: string): Promise<Room> {
    return this.call('GET', pathOf(room));
  }

  change(room: string, patch: RoomPatch): Promise<Room> {
    return this.call('PATCH', pathOf(room), patch);
  }

  /** It can only be read from then on. */
  archive(room: string): Promise<void> {
    return this.tell('DELETE', pathOf(room));
  }

  /** Undoes {@link archive}, within 30 days. */
  restore(room: string): Promise<Room> {
    return this.call('POST', `${pathOf(room)}/restore`, {});
  }

  /** Enters a public room, or one that one is invited to. Whoever is in it stays. */
  join(room: string): Promise<Arrival> {
    return this.call('PUT', memberPath(room, 'me'), {});
  }

  /** Enters the room that a link leads to. */
  joinByCode(code: string): Promise<Arrival> {
    return this.call('POST', '/join', { code });
  }

  leave(room: string): Promise<void> {
    return this.tell('DELETE', memberPath(room, 'me'));
  }

  members(
    room: string,
    options: PageOptions & { readonly role?: Role } = {},
  ): Promise<Page<Member>> {
    return this.call('GET', `${pathOf(room)}/members${queryText({ ...options })}`);
  }

  /** Adds somebody, or gives a member another role. @param role that of a member unless given */
  put(room: string, username: string, role?: Role): Promise<Pick<Member, 'user' | 'role'>> {
    return this.call(
      'PUT',
      memberPath(room, directWith(username)),
      role === undefined ? {} : { role },
    );
  }

  remove(room: string, username: string): Promise<void> {
    return this.tell('DELETE', memberPath(room, directWith(username)));
  }

  /** How much one wants to be told of a room. */
  configure(room: string, settings: Partial<MemberSettings>): Promise<MemberSettings> {
    return this.call('PATCH', memberPath(room, 'me'), settings);
  }

  invite(room: string, username: string): Promise<void> {
    return this.tell('PUT', `${pathOf(room)}/invitations/${encodeURIComponent(username)}`, {});
  }

  withdrawInvitation(room: string, username: string): Promise<void> {
    return this.tell('DELETE', `${pathOf(room)}/invitations/${encodeURIComponent(username)}`);
  }

  /** Rooms that one is invited to. Joining accepts. */
  invitations(options: PageOptions = {}): Promise<Page<Invitation>> {
    return this.call('GET', `/invitations${queryText({ ...options })}`);
  }

  decline(room: string): Promise<void> {
    return this.tell('DELETE', `/invitations/${encodeURIComponent(room)}`);
  }

  makeLink(room: string, options: LinkOptions = {}): Promise<RoomLink> {
    return this.call('POST', `${pathOf(room)}/links`, options);
  }

  /** @param code absent: all links of the room */
  removeLink(room: string, code?: string): Promise<void> {
    const which = code === undefined ? '' : `/${encodeURIComponent(code)}`;
    return this.tell('DELETE', `${pathOf(room)}/links${which}`);
  }

  /** Removes somebody, and keeps the person out. */
  ban(room: string, username: string, options: BanOptions = {}): Promise<Ban> {
    return this.call('PUT', `${pathOf(room)}/bans/${encodeURIComponent(username)}`, options);
  }

  unban(room: string, username: string): Promise<void> {
    return this.tell('DELETE', `${pathOf(room)}/bans/${encodeURIComponent(username)}`);
  }

  bans(room: string, options: PageOptions = {}): Promise<Page<Ban>> {
    return this.call('GET', `${pathOf(room)}/bans${queryText({ ...options })}`);
  }

  /**
   * Says something without a connection, in a room or to one person.
   * @param ref the same ref stands for the same message, however often the call is repeated
   */
  post(conversation: Conversation, data: string, ref?: string): Promise<Posted> {
    const body = ref === undefined ? { data } : { data, ref };
    return this.call('POST', `${pathOf(conversation)}/messages`, body);
  }

  private call<Answer>(method: Method, path: string, body?: object): Promise<Answer> {
    return this.rest.call(method, path, this.accessToken, body);
  }

  private async tell(method: Method, path: string, body?: object): Promise<void> {
    await this.rest.request(method, path, this.accessToken, body);
  }
}

type Method = Parameters<RestClient['call']>[0];

/** @param who `me`, or `@` and a name */
function memberPath(room: string, who: string): string {
  return `${pathOf(room)}/members/${encodeURIComponent(who)}`;
}
