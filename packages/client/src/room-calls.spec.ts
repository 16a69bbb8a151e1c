import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RestClient, RestError } from './rest.js';
import { RoomCalls } from './room-calls.js';
import { ScriptedService } from './testing/scripted-service.js';

let service: ScriptedService;
let rooms: RoomCalls;

beforeAll(async () => {
  service = new ScriptedService();
  await service.start();
  rooms = new RoomCalls(new RestClient(service.origin), 'a token');
});

afterAll(async () => {
  await service.stop();
});

const NEW = { name: '开发 1', kind: 'public', history: 'all', ref: 'r' } as const;

it.each<[call: string, body: object | null, ask: (calls: RoomCalls) => Promise<unknown>]>([
  ['POST /rooms', NEW, (calls) => calls.create(NEW)],
  ['GET /rooms', null, (calls) => calls.directory()],
  ['GET /rooms?q=de&limit=5', null, (calls) => calls.directory('de', { limit: 5 })],
  ['GET /rooms/a%2Fb', null, (calls) => calls.get('a/b')],
  ['PATCH /rooms/dev', { title: null }, (calls) => calls.change('dev', { title: null })],
  ['DELETE /rooms/dev', null, (calls) => calls.archive('dev')],
  ['POST /rooms/dev/restore', {}, (calls) => calls.restore('dev')],
  ['PUT /rooms/dev/members/me', {}, (calls) => calls.join('dev')],
  ['DELETE /rooms/dev/members/me', null, (calls) => calls.leave('dev')],
  ['POST /join', { code: 'c' }, (calls) => calls.joinByCode('c')],
  ['GET /rooms/dev/members?role=owner', null, (calls) => calls.members('dev', { role: 'owner' })],
  // Somebody may be called `me`.
  ['PUT /rooms/dev/members/%40me', {}, (calls) => calls.put('dev', 'me')],
  ['PUT /rooms/dev/members/%40bob', { role: 'owner' }, (calls) => calls.put('dev', 'bob', 'owner')],
  ['DELETE /rooms/dev/members/%40bob', null, (calls) => calls.remove('dev', 'bob')],
  [
    'PATCH /rooms/dev/members/me',
    { level: 'none' },
    (calls) => calls.configure('dev', { level: 'none' }),
  ],
  ['PUT /rooms/dev/invitations/bob', {}, (calls) => calls.invite('dev', 'bob')],
  ['DELETE /rooms/dev/invitations/bob', null, (calls) => calls.withdrawInvitation('dev', 'bob')],
  ['GET /invitations?after=x', null, (calls) => calls.invitations({ after: 'x' })],
  ['DELETE /invitations/dev', null, (calls) => calls.decline('dev')],
  ['POST /rooms/dev/links', { uses: 1 }, (calls) => calls.makeLink('dev', { uses: 1 })],
  ['DELETE /rooms/dev/links/c', null, (calls) => calls.removeLink('dev', 'c')],
  ['DELETE /rooms/dev/links', null, (calls) => calls.removeLink('dev')],
  ['PUT /rooms/dev/bans/bob', { reason: 'x' }, (calls) => calls.ban('dev', 'bob', { reason: 'x' })],
  ['DELETE /rooms/dev/bans/bob', null, (calls) => calls.unban('dev', 'bob')],
  ['GET /rooms/dev/bans?limit=2', null, (calls) => calls.bans('dev', { limit: 2 })],
  ['POST /rooms/dev/messages', { data: 'hi' }, (calls) => calls.post('dev', 'hi')],
  ['POST /direct/bob/messages', { data: 'hi', ref: 'r' }, (calls) => calls.post('@bob', 'hi', 'r')],
])('A call for a room is %s', async (call, body, ask) => {
  let heard = '';
  const [name = ''] = call.split('?');
  service.answers.set(name, (_, text) => {
    heard = text;
    return { status: 200, body: { answer: call } };
  });
  const answer = await ask(rooms);
  expect(service.calls.at(-1)).toBe(call);
  expect(heard).toBe(body === null ? '' : JSON.stringify(body));
  if (answer !== undefined) expect(answer).toEqual({ answer: call });
});

it('A call for a room that is refused rejects with the code', async () => {
  service.answers.set('GET /rooms/gone', () => ({ status: 403, body: { code: 'not-a-member' } }));
  const refusal = await rooms.get('gone').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RestError);
  expect(refusal).toMatchObject({ status: 403, code: 'not-a-member' });
});
