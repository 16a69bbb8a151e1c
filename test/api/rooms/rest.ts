import { UserStore } from '../../../src/auth/accounts/user-store.js';
import { UlidFactory } from '../../../src/kernel/ids.js';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import type { RoomChange } from '../../../src/chat/conversations/room-change.js';
import type { RunningApp } from '../../support/app.js';
import { guest, type Place, type Tokens } from '../../support/people.js';

const ids = new UlidFactory();

/** What tests look at in a body, each where it is there. */
export interface Body {
  readonly id: string;
  readonly name: string;
  readonly seq: number;
  readonly code: string;
  readonly time: number;
  readonly until: number;
  readonly me: object | null;
  readonly items: readonly object[];
  readonly next: string | null;
  /** Of a refusal, where it has them. */
  readonly request_id?: string;
  readonly field?: string;
  readonly needs?: string;
  readonly limit?: number;
}

/** An answer of the service; one without a body has an empty one. */
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** Somebody who calls the service. */
export class Caller {
  constructor(
    private readonly place: Place,
    readonly tokens: Tokens,
  ) {}

  get user(): Tokens['user'] {
    return this.tokens.user;
  }

  /** @param what such as `PUT /rooms/dev/members/me` */
  async call(what: string, body?: object): Promise<Answer> {
    const [method = '', path = ''] = what.split(' ');
    const response = await fetch(this.place.url + encodeURI(path), {
      method,
      headers: {
        authorization: `Bearer ${this.tokens.access_token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as Body };
  }

  /** Makes a room. */
  async found(name: string, kind = 'public', more: object = {}): Promise<Body> {
    const wanted = { name, kind, history: 'all', ...more };
    const { status, body } = await this.call('POST /rooms', wanted);
    if (status !== 201) throw new Error(`${name} was not made: ${JSON.stringify(body)}`);
    return body;
  }
}

/** A new guest of that name, or of any. */
export async function caller(place: Place, name?: string): Promise<Caller> {
  return new Caller(place, await guest(place, name));
}

/** What a refusal says to programs. */
export function refusal({ status, body }: Answer): object {
  const { code, field, needs, limit } = body;
  return JSON.parse(JSON.stringify({ status, code, field, needs, limit })) as object;
}

/** Lets people into a room who do nothing there: large rooms need them. */
export async function crowd({ app }: RunningApp, roomId: string, count: number): Promise<void> {
  const time = Date.now();
  const role = 'member';
  const people = Array.from({ length: count }, () => ids.next(time));
  const users = app.get(UserStore, { strict: false });
  for (const id of people) {
    const name = { username: id, canonicalName: id.toLowerCase(), skeleton: id };
    await users.create({ id, ...name, passwordHash: null, createdAt: time });
  }
  const changes = people.map((person): RoomChange => {
    return { op: 'enter', room: roomId, person, role, time };
  });
  await app.get(RoomStore, { strict: false }).change(changes);
}
