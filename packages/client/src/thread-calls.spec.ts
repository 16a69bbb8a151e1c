import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RestClient } from './rest.js';
import { ScriptedService } from './testing/scripted-service.js';
import { ThreadCalls } from './thread-calls.js';

let service: ScriptedService;
let threads: ThreadCalls;

beforeAll(async () => {
  service = new ScriptedService();
  await service.start();
  threads = new ThreadCalls(new RestClient(service.origin), 'a token');
});

afterAll(async () => {
  await service.stop();
});

it.each<[call: string, body: object | null, ask: (calls: ThreadCalls) => Promise<unknown>]>([
  ['GET /threads', null, (calls) => calls.followed()],
  ['GET /threads?limit=5&after=x', null, (calls) => calls.followed({ limit: 5, after: 'x' })],
  ['PUT /rooms/dev/messages/7/thread/follow', null, (calls) => calls.follow('dev', 7)],
  ['DELETE /direct/bob/messages/7/thread/follow', null, (calls) => calls.unfollow('@bob', 7)],
  ['PUT /rooms/dev/messages/7/thread/read', { seq: 9 }, (calls) => calls.read('dev', 7, 9)],
])('A call for threads is %s', async (call, body, ask) => {
  let heard = '';
  const [name = ''] = call.split('?');
  service.answers.set(name, (_, text) => {
    heard = text;
    return { status: 200, body: { answer: call } };
  });
  expect(await ask(threads)).toEqual({ answer: call });
  expect(service.calls.at(-1)).toBe(call);
  expect(heard).toBe(body === null ? '' : JSON.stringify(body));
});
