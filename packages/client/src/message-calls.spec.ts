import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MessageCalls } from './message-calls.js';
import { RestClient } from './rest.js';
import { ScriptedService } from './testing/scripted-service.js';

let service: ScriptedService;
let messages: MessageCalls;

beforeAll(async () => {
  service = new ScriptedService();
  await service.start();
  messages = new MessageCalls(new RestClient(service.origin), 'a token');
});

afterAll(async () => {
  await service.stop();
});

it.each<[call: string, body: object | null, ask: (calls: MessageCalls) => Promise<unknown>]>([
  ['PATCH /rooms/dev/messages/3', { data: 'x' }, (calls) => calls.edit('dev', 3, 'x')],
  [
    'PATCH /direct/b%2Fc/messages/3',
    { data: 'x', if: 5 },
    (calls) => calls.edit('@b/c', 3, 'x', 5),
  ],
  ['DELETE /rooms/dev/messages/3', null, (calls) => calls.delete('dev', 3)],
  [
    'DELETE /rooms/dev/messages/3?up_to=5&reason=spam',
    null,
    (calls) => calls.delete('dev', 3, { upTo: 5, reason: 'spam' }),
  ],
  ['PUT /rooms/dev/messages/3/reactions/%F0%9F%91%8D', {}, (calls) => calls.react('dev', 3, '👍')],
  [
    'DELETE /rooms/dev/messages/3/reactions/%3Aa%2Fb%3A',
    null,
    (calls) => calls.takeBack('dev', 3, ':a/b:'),
  ],
  ['PUT /rooms/dev/messages/3/pin', {}, (calls) => calls.pin('dev', 3)],
  ['DELETE /rooms/dev/messages/3/pin', null, (calls) => calls.unpin('dev', 3)],
  ['GET /rooms/dev/pins', null, (calls) => calls.pins('dev')],
  ['GET /rooms/dev/messages/3/thread', null, (calls) => calls.thread('dev', 3)],
  [
    'GET /direct/bob/messages/3/thread?before=9&limit=2',
    null,
    (calls) => calls.thread('@bob', 3, { before: 9, limit: 2 }),
  ],
  ['GET /rooms/dev/changes?after=7', null, (calls) => calls.changes('dev', 7)],
  ['GET /mentions?limit=5', null, (calls) => calls.mentions({ limit: 5 })],
  ['GET /search?q=a+%22b%22', null, (calls) => calls.search('a "b"')],
  [
    'GET /search?q=%E5%BC%A0%E4%B8%89&with=bob&cursor=c',
    null,
    (calls) => calls.search('张三', { in: '@bob', cursor: 'c' }),
  ],
  [
    'GET /search?q=a&room=dev&from=ann',
    null,
    (calls) => calls.search('a', { in: 'dev', from: 'ann' }),
  ],
])('asks %s', async (call, body, ask) => {
  const name = call.split('?')[0] ?? '';
  let sent: string | null = null;
  service.answers.set(name, (_, text) => {
    sent = text;
    return { status: 200, body: { items: [] } };
  });
  await ask(messages);
  expect(service.calls.at(-1)).toBe(call);
  expect(sent).toBe(body === null ? '' : JSON.stringify(body));
});
