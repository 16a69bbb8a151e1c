import { expect, it } from '@jest/globals';
import { startApp } from '../../support/app.js';
import { until } from '../../support/bounded.js';
import { enter, guest, join, type Place, register, type Tokens } from '../../support/people.js';

async function read(place: Place, tokens: Tokens, path: string) {
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  const response = await fetch(place.url + path, { headers });
  const body = (await response.json()) as { items?: Record<string, unknown>[]; code?: string };
  return { status: response.status, ...body };
}

it('what a guest wrote who went stays, under a name that nobody can have', async () => {
  const place = await startApp({ GUEST_TTL: '1' });
  const host = await register(place, 'host');
  const reader = await join(place, host);
  const ann = await enter(place, 'ann');
  ann.socket.send({ type: 2, data: 'from the first ann', ref: 'a' });
  ann.socket.send({ type: 3, to: 'host', data: 'psst', ref: 'b' });
  await ann.socket.next({ type: 6, ref: 'b' });

  // The name passes on as soon as the first one was away for too long.
  await until(
    () => guest(place, 'ann').catch(() => null),
    'the name of a guest who is away',
    () => 'it is taken',
  );
  expect(await ann.socket.closed()).toMatchObject({ code: 4409 });
  const name = `deleted-${ann.tokens.user.id}`;

  const room = await read(place, host, '/rooms/lobby/messages');
  expect(room.items?.map(({ user, data }) => [user, data])).toEqual([
    [{ id: ann.tokens.user.id, username: name }, 'from the first ann'],
  ]);
  expect(await read(place, host, '/direct')).toMatchObject({
    items: [{ user: { username: name } }],
  });
  expect(await read(place, host, `/direct/${name}/messages`)).toMatchObject({
    items: [{ data: 'psst' }],
  });
  expect(await read(place, host, '/direct/ann/messages')).toMatchObject({ items: [] });

  reader.send({ type: 8, data: { [`@${name}`]: 0 }, ref: 's' });
  expect(await reader.next({ type: 8, ref: 's' })).toMatchObject({
    data: { [`@${name}`]: { seq: 1, complete: true } },
  });
  reader.send({ type: 3, to: name, data: 'are you there?', ref: 'c' });
  expect(await reader.next({ type: 7, ref: 'c' })).toMatchObject({ code: 'unknown-recipient' });
  await expect(guest(place, name.slice(0, 32))).rejects.toThrow('username-taken');
});
