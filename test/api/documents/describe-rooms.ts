import type { RoomStore } from '../../../src/chat/conversations/room-store.js';
import type { Tokens } from '../../support/people.js';
import type { HttpContract } from './http-contract.js';

const NEW = { kind: 'private', history: 'all' };

/** Makes every call about rooms, so that every answer to it comes once. */
export async function describeRooms(
  http: HttpContract,
  store: RoomStore,
  ann: Tokens,
  bob: Tokens,
): Promise<void> {
  const calls = new RoomCalls(http, ann.access_token, bob.access_token);
  await calls.rooms();
  await calls.members();
  await calls.invitations();
  await calls.links();
  await calls.bans();
  await calls.messages();
  await calls.archive(store);
}

class RoomCalls {
  private readonly path = { room: 'crew' };
  private readonly none = { room: 'none' };

  constructor(
    private readonly http: HttpContract,
    private readonly ann: string,
    private readonly bob: string,
  ) {}

  async rooms(): Promise<void> {
    const { http, ann: token, path } = this;
    const body = { ...NEW, name: 'crew', ref: 'r', title: 'Crew' };
    await http.call('POST /rooms', 201, { token, body });
    await http.call('POST /rooms', 200, { token, body });
    await http.call('POST /rooms', 400, { token, body: { ...NEW, name: '@x' } });
    await http.call('POST /rooms', 401, { body });
    await http.call('POST /rooms', 404, { token, body: { ...NEW, name: 'y', members: ['none'] } });
    await http.call('POST /rooms', 409, { token, body: { ...NEW, name: 'crew' } });
    await http.call('GET /rooms', 200, { token, query: 'q=lob' });
    await http.call('GET /rooms', 400, { token, query: 'limit=0' });
    await http.call('GET /rooms', 401);
    await http.call('GET /rooms/{room}', 200, { token, path: { room: 'lobby' } });
    const changes = { token, path, body: { topic: 'Ships' } };
    await http.call('PATCH /rooms/{room}', 200, changes);
    await http.call('PATCH /rooms/{room}', 400, { token, path, body: { kind: 'x' } });
    await http.call('PATCH /rooms/{room}', 409, { token, path, body: { name: 'lobby' } });
    for (const call of ['GET /rooms/{room}', 'PATCH /rooms/{room}', 'DELETE /rooms/{room}']) {
      await this.refused(call);
    }
    await this.refused('POST /rooms/{room}/restore');
  }

  async members(): Promise<void> {
    const { http, ann: token, path } = this;
    const all = 'GET /rooms/{room}/members';
    await http.call(all, 200, { token, path, query: 'role=owner' });
    await http.call(all, 400, { token, path, query: 'role=boss' });
    await this.refused(all);
    const me = '/rooms/{room}/members/me';
    await http.call(`PUT ${me}`, 200, { token, path });
    await this.refused(`PUT ${me}`);
    await http.call(`DELETE ${me}`, 409, { token, path });
    await this.refused(`DELETE ${me}`);
    await http.call(`PATCH ${me}`, 200, { token, path, body: { level: 'none', muted_until: 1 } });
    await http.call(`PATCH ${me}`, 400, { token, path, body: { level: 'some' } });
    await this.refused(`PATCH ${me}`);
    const one = '/rooms/{room}/members/{username}';
    const bob = { ...path, username: 'bob' };
    await http.call(`PUT ${one}`, 201, { token, path: bob });
    await http.call(`PUT ${one}`, 200, { token, path: bob, body: { role: 'reader' } });
    await http.call(`PUT ${one}`, 400, { token, path: bob, body: { role: 'boss' } });
    await http.call(`PUT ${one}`, 404, { token, path: { ...path, username: 'none' } });
    const down = { path: { ...path, username: 'ann' }, body: { role: 'member' } };
    await http.call(`PUT ${one}`, 409, { token, ...down });
    await this.refused(`PUT ${one}`);
    await http.call(`DELETE ${one}`, 409, { token, path: down.path });
    await http.call(`DELETE ${one}`, 204, { token, path: bob });
    await http.call(`DELETE ${one}`, 404, { token, path: { ...path, username: 'none' } });
    await this.refused(`DELETE ${one}`);
  }

  async invitations(): Promise<void> {
    const { http, ann: token, bob, path } = this;
    const one = '/rooms/{room}/invitations/{username}';
    const invited = { token, path: { ...path, username: 'bob' } };
    await http.call(`PUT ${one}`, 204, invited);
    await http.call('GET /invitations', 200, { token: bob });
    await http.call('GET /invitations', 400, { token: bob, query: 'after=' });
    await http.call('GET /invitations', 401);
    await http.call('DELETE /invitations/{room}', 204, { token: bob, path });
    await http.call('DELETE /invitations/{room}', 404, { token: bob, path });
    await http.call('DELETE /invitations/{room}', 403, { token: bob, path: { room: 'lobby' } });
    await http.call('DELETE /invitations/{room}', 401, { path });
    await http.call(`DELETE ${one}`, 204, invited);
    for (const method of ['PUT', 'DELETE']) {
      await http.call(`${method} ${one}`, 404, { token, path: { ...path, username: 'none' } });
      await this.refused(`${method} ${one}`);
    }
  }

  async links(): Promise<void> {
    const { http, ann: token, bob, path } = this;
    const links = '/rooms/{room}/links';
    const wanted = { token, path, body: { uses: 1, expires_in: 60 } };
    const { code } = await http.call<{ code: string }>(`POST ${links}`, 201, wanted);
    await http.call(`POST ${links}`, 400, { token, path, body: { uses: 0 } });
    await this.refused(`POST ${links}`);
    await http.call('POST /join', 200, { token: bob, body: { code } });
    await http.call('POST /join', 400, { token: bob, body: {} });
    await http.call('POST /join', 401, { body: { code } });
    await http.call('POST /join', 404, { token: bob, body: { code } });
    await http.call('DELETE /rooms/{room}/members/me', 204, { token: bob, path });
    await http.call(`DELETE ${links}/{code}`, 204, { token, path: { ...path, code } });
    await this.refused(`DELETE ${links}/{code}`);
    await http.call(`DELETE ${links}`, 204, { token, path });
    await this.refused(`DELETE ${links}`);
  }

  async bans(): Promise<void> {
    const { http, ann: token, path } = this;
    await http.call('GET /rooms/{room}/bans', 200, { token, path });
    await http.call('GET /rooms/{room}/bans', 400, { token, path, query: 'limit=x' });
    await this.refused('GET /rooms/{room}/bans');
    const one = '/rooms/{room}/bans/{username}';
    const banned = { token, path: { ...path, username: 'bob' } };
    await http.call(`PUT ${one}`, 200, { ...banned, body: { reason: 'spam', expires_in: 60 } });
    await http.call(`PUT ${one}`, 400, { ...banned, body: { expires_in: 0 } });
    await http.call(`DELETE ${one}`, 204, banned);
    for (const method of ['PUT', 'DELETE']) {
      await http.call(`${method} ${one}`, 404, { token, path: { ...path, username: 'none' } });
      await this.refused(`${method} ${one}`);
    }
  }

  async messages(): Promise<void> {
    const { http, ann: token } = this;
    const crew = this.path;
    const bob = { username: 'bob' };
    for (const [post, path] of [
      ['POST /rooms/{room}/messages', crew],
      ['POST /direct/{username}/messages', bob],
    ] as const) {
      const ref = post;
      const { seq } = await http.call<{ seq: number }>(post, 201, {
        ...{ token, path, body: { data: 'hello', ref } },
      });
      await http.call(post, 200, { token, path, body: { data: 'hello', ref } });
      await http.call(post, 409, { token, path, body: { data: 'other', ref } });
      await http.call(post, 400, { token, path, body: { data: '' } });
      await http.call(post, 401, { path, body: { data: 'hello' } });
      const get = `${post.replace('POST', 'GET')}/{seq}`;
      await http.call(get, 200, { token, path: { ...path, seq: String(seq) } });
      await http.call(get, 400, { token, path: { ...path, seq: 'x' } });
      await http.call(get, 401, { path: { ...path, seq: '1' } });
      await http.call(get, 404, { token, path: { ...path, seq: '99' } });
    }
    const none = { room: 'none', seq: '1' };
    const body = { data: 'hello' };
    await http.call('POST /rooms/{room}/messages', 403, { token, path: none, body });
    await http.call('GET /rooms/{room}/messages/{seq}', 403, { token, path: none });
    const nobody = { username: 'none' };
    await http.call('POST /direct/{username}/messages', 404, { token, path: nobody, body });
  }

  /** Whatever an archived room refuses. */
  async archive(store: RoomStore): Promise<void> {
    const { http, ann: token, path } = this;
    const bob = { ...path, username: 'bob' };
    await http.call('DELETE /rooms/{room}', 204, { token, path });
    const open = { room: 'open' };
    await http.call('POST /rooms', 201, { token, body: { ...NEW, name: 'open', kind: 'public' } });
    await http.call('DELETE /rooms/{room}', 204, { token, path: open });
    await http.call('PUT /rooms/{room}/members/me', 409, { token: this.bob, path: open });
    await http.call('PUT /rooms/{room}/bans/{username}', 409, { token, path: bob });
    await http.call('PUT /rooms/{room}/invitations/{username}', 409, { token, path: bob });
    await http.call('POST /rooms/{room}/links', 409, { token, path });
    await http.call('POST /rooms/{room}/restore', 200, { token, path });
    const long = await store.byName('open', Date.now());
    if (long === null) throw new Error('the room has gone');
    await store.change([{ op: 'describe', ...long, room: long.id, archivedAt: 1 }]);
    await http.call('POST /rooms/{room}/restore', 409, { token, path: open });
  }

  /** Without a token, and where there is no such room. */
  private async refused(call: string): Promise<void> {
    const path = { ...this.none, username: 'bob', code: 'none' };
    await this.http.call(call, 401, { path });
    await this.http.call(call, 403, { token: this.ann, path });
  }
}
