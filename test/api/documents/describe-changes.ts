import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import type { RunningApp } from '../../support/app.js';
import { join, type Tokens } from '../../support/people.js';
import { makeRoom, sayThere } from '../messages/rooms.js';
import type { HttpContract } from './http-contract.js';

type Path = Readonly<Record<string, string>>;

const EMOJI = ['😀', '😁', '😂', '🤣', '😃', '😄', '😅', '😆', '😉', '😊', '😋'];
/** Pins that a conversation can have. */
const MOST_PINS = 100;

/** Makes every call about messages that change, so that every answer to it comes once. */
export async function describeChanges(
  http: HttpContract,
  service: RunningApp,
  ann: Tokens,
  bob: Tokens,
): Promise<void> {
  const den = { room: 'den' };
  const room = await makeRoom(service, 'den', [
    [ann, 'moderator'],
    [bob, 'member'],
  ]);
  for (const text of ['one', 'two', 'three']) await sayThere(service, room, ann, text);
  const seqs = await whisper(service, ann, MOST_PINS + 2);
  await new ChangeCalls(http, ann, bob, '/rooms/{room}', den, den).all(2);
  const direct = new ChangeCalls(
    ...([http, ann, bob, '/direct/{username}', { username: 'bob' }, { username: 'ann' }] as const),
  );
  await direct.all(seqs.at(-1) ?? 0);
  await direct.bounds(seqs.slice(0, -1));
  await describeArchived(http, service, room.key.slice('room:'.length), ann);
  const token = ann.access_token;
  await http.call('GET /mentions', 200, { token });
  await http.call('GET /mentions', 400, { token, query: 'limit=x' });
  await http.call('GET /mentions', 401);
  await http.call('GET /threads', 200, { token });
  await http.call('GET /threads', 400, { token, query: 'limit=x' });
  await http.call('GET /threads', 401);
}

/** @returns the numbers of so many messages to Bob */
async function whisper(service: RunningApp, ann: Tokens, count: number): Promise<number[]> {
  const socket = await join(service, ann);
  const seqs: number[] = [];
  for (let one = 0; one < count; one++) {
    socket.send({ type: 3, data: `to pin ${one}`, to: 'bob', ref: `pin ${one}` });
    seqs.push((await socket.next({ type: 6, ref: `pin ${one}` })).seq ?? 0);
  }
  await socket.close();
  return seqs;
}

async function describeArchived(
  http: HttpContract,
  service: RunningApp,
  room: string,
  { access_token: token }: Tokens,
): Promise<void> {
  const shape = { title: null, topic: null, kind: 'private', history: 'all', rights: {} } as const;
  const archive = { op: 'describe', room, ...shape, archivedAt: Date.now() } as const;
  await service.app.get(RoomStore, { strict: false }).change([archive]);
  const path = { room: 'den', seq: '3', key: '👍' };
  for (const [call, more] of changesOf('/rooms/{room}')) {
    await http.call(call, 409, { path, token, ...more });
  }
}

/** Every call that changes a message, the deletion last. */
function changesOf(base: string) {
  const one = `${base}/messages/{seq}`;
  return [
    [`PATCH ${one}`, { body: { data: 'another' } }],
    [`PUT ${one}/reactions/{key}`, {}],
    [`DELETE ${one}/reactions/{key}`, {}],
    [`PUT ${one}/pin`, {}],
    [`DELETE ${one}/pin`, {}],
    [`DELETE ${one}`, {}],
  ] as const;
}

class ChangeCalls {
  private readonly token: string;
  private readonly other: string;

  /**
   * @param own the conversation as Ann names it
   * @param others as Bob does
   */
  constructor(
    private readonly http: HttpContract,
    ann: Tokens,
    bob: Tokens,
    private readonly base: string,
    private readonly own: Path,
    private readonly others: Path,
  ) {
    this.token = ann.access_token;
    this.other = bob.access_token;
  }

  /** @param last the number of a message of Ann's, behind another one */
  async all(last: number): Promise<void> {
    await this.refusals(last);
    await this.changes(last);
    await this.replies(last);
    await this.lists(last);
    await this.threads(last);
  }

  /** @param seqs one more than can be pinned */
  async bounds(seqs: readonly number[]): Promise<void> {
    const { http, token } = this;
    const react = `PUT ${this.base}/messages/{seq}/reactions/{key}`;
    for (const [index, key] of EMOJI.entries()) {
      const path = { ...this.at(seqs[0]), key };
      await http.call(react, index < EMOJI.length - 1 ? 200 : 409, { path, token });
    }
    for (const [index, seq] of seqs.entries()) {
      const status = index < MOST_PINS ? 200 : 409;
      await http.call(`PUT ${this.base}/messages/{seq}/pin`, status, { path: this.at(seq), token });
    }
  }

  private async refusals(last: number): Promise<void> {
    const { http, token, other } = this;
    for (const [call, more] of changesOf(this.base)) {
      await http.call(call, 401, { path: this.at(last), ...more });
      await http.call(call, 400, { path: this.at('x'), token, ...more });
      await http.call(call, 404, { path: this.at(9_999), token, ...more });
      if (!call.includes('/pin') && !call.includes('/reactions')) {
        const path = { ...this.at(last), ...this.others };
        await http.call(call, 403, { path, token: other, ...more });
      } else if ('room' in this.own) {
        await http.call(call, 403, { path: { ...this.at(last), room: 'secret' }, token, ...more });
      }
    }
  }

  private async changes(last: number): Promise<void> {
    const { http, token } = this;
    const body = { data: 'another', if: 9_999 };
    const edit = `PATCH ${this.base}/messages/{seq}`;
    await http.call(edit, 409, { path: this.at(last), token, body });
    for (const status of [200, 410]) {
      for (const [call, more] of changesOf(this.base)) {
        await http.call(call, status, { path: this.at(last), token, ...more });
      }
    }
  }

  /** @param gone the number of a message that was deleted */
  private async replies(gone: number): Promise<void> {
    const { http, token } = this;
    const call = `POST ${this.base}/messages`;
    const path = this.own;
    const data = 'a reply';
    const thread = { thread: gone - 1, also: true, reply: gone - 1, mentions: ['bob'] };
    await http.call(call, 201, { path, token, body: { data, ...thread } });
    await http.call(call, 404, { path, token, body: { data, reply: 9_999 } });
    await http.call(call, 410, { path, token, body: { data, thread: gone } });
    if ('room' in path) return;
    await http.call(call, 403, { path, token, body: { data, mention_all: true } });
  }

  private async lists(last: number): Promise<void> {
    const { http, token } = this;
    const isRoom = 'room' in this.own;
    const stranger = isRoom ? { room: 'secret' } : { username: 'nobody' };
    for (const list of ['pins', 'changes', 'messages/{seq}/thread']) {
      const call = `GET ${this.base}/${list}`;
      await http.call(call, 200, { path: this.at(last - 1), token });
      await http.call(call, 401, { path: this.at(last - 1) });
      await http.call(call, isRoom ? 403 : 404, { path: { ...this.at(1), ...stranger }, token });
      if (list.includes('thread')) await http.call(call, 404, { path: this.at(9_999), token });
    }
  }

  /** @param gone the number of a message that was deleted */
  private async threads(gone: number): Promise<void> {
    const { http, token, base } = this;
    const isRoom = 'room' in this.own;
    const stranger = isRoom ? { room: 'secret' } : { username: 'nobody' };
    const follow = `${base}/messages/{seq}/thread/follow`;
    const read = { body: { seq: gone } };
    for (const [call, more] of [
      [`PUT ${follow}`, {}],
      [`PUT ${base}/messages/{seq}/thread/read`, read],
      [`DELETE ${follow}`, {}],
    ] as const) {
      await http.call(call, 200, { path: this.at(gone - 1), token, ...more });
      await http.call(call, 400, { path: this.at('x'), token, ...more });
      await http.call(call, 401, { path: this.at(gone - 1), ...more });
      const path = { ...this.at(1), ...stranger };
      await http.call(call, isRoom ? 403 : 404, { path, token, ...more });
    }
    await http.call(`PUT ${follow}`, 404, { path: this.at(9_999), token });
    await http.call(`PUT ${follow}`, 410, { path: this.at(gone), token });
    await http.call(`DELETE ${follow}`, 404, { path: this.at(9_999), token });
  }

  private at(seq: unknown): Path {
    return { ...this.own, seq: String(seq), key: '👍' };
  }
}
