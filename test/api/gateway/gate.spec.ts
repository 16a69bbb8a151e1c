import { beforeAll, describe, expect, it } from '@jest/globals';
import { Access, type Decision } from '../../../src/chat/conversations/access.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, join, type Member, type Tokens } from '../../support/people.js';
import { dial } from '../../support/socket-io-client.js';

const NO: Decision = { allowed: false, code: 'not-a-member' };

/** Shuts somebody out of every conversation, as one who is banned will be. */
function shutOut(place: RunningApp, personId: string): void {
  const access = place.app.get(Access, { strict: false });
  const decide = access.mayDo.bind(access);
  access.mayDo = (principal, ...asked) =>
    principal.person.id === personId ? NO : decide(principal, ...asked);
  const decideAs = access.decideAs.bind(access);
  access.decideAs = (principal, ...asked) =>
    principal.person.id === personId ? NO : decideAs(principal, ...asked);
}

describe('Somebody to whom the gate says no', () => {
  let place: RunningApp;
  let ann: Member;
  let ben: Tokens;

  beforeAll(async () => {
    place = await startApp();
    ann = await enter(place, 'ann');
    ben = await guest(place, 'ben');
    await say('in the room');
    await say('in private', { type: 3, to: 'ben' });
    shutOut(place, ben.user.id);
  });

  async function say(data: string, more: object = {}): Promise<void> {
    ann.socket.send({ type: 2, data, ref: data, ...more });
    await ann.socket.next({ type: 6, ref: data });
  }

  it('is told nothing live and nothing that waits, in the room or in private', async () => {
    const socket = await join(place, ben);
    await say('more in the room');
    await say('more in private', { type: 3, to: 'ben' });
    socket.send({ type: 1, ref: 'the end' });
    await socket.next({ type: 1, ref: 'the end' });
    expect(socket.frames.filter(({ seq }) => seq !== undefined)).toEqual([]);
  });

  it.each([
    ['a message to the room', { type: 2, data: 'x' }, 'room'],
    ['a private message', { type: 3, data: 'x', to: 'ann' }, 'to'],
    ['a Sync of the room', { type: 8, data: { lobby: 0 } }, 'room'],
    ['a Sync of a private conversation', { type: 8, data: { '@ann': 0 } }, 'to'],
  ])('gets a Reject for %s', async (_, frame, field) => {
    const socket = await join(place, ben);
    socket.send({ ...frame, ref: 'r' });
    expect(await socket.next({ type: 7 })).toMatchObject({ ref: 'r', code: 'not-a-member', field });
    expect(socket.frames.filter(({ seq }) => seq !== undefined)).toEqual([]);
  });

  it.each(['/rooms/lobby', '/direct/ann'])(
    'reads neither a page nor an export of %s',
    async (path) => {
      for (const what of ['messages', 'export']) {
        const headers = { authorization: `Bearer ${ben.access_token}` };
        const response = await fetch(`${place.url}${path}/${what}`, { headers });
        expect(response.status).toBe(403);
        expect(await response.json()).toMatchObject({ code: 'not-a-member' });
      }
    },
  );

  it('is brought nothing when a Socket.IO client comes back with an old offset', async () => {
    const auth = { token: ben.access_token, pid: `${'a'.repeat(16)}~bbbbbb`, offset: '0' };
    const client = dial(place.url, { auth, transports: ['websocket'] });
    expect(await client.next({ type: 8 })).toMatchObject({ data: {} });
    await client.roundTrip();
    expect(client.frames.filter(({ seq }) => seq !== undefined)).toEqual([]);
  });
});
