import { beforeEach, describe, expect, it } from '@jest/globals';
import { directKey } from '../../../src/chat/conversations/key.js';
import { EventLog } from '../../../src/chat/log/event-log.js';
import { MessageStore } from '../../../src/chat/log/message-store.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { hold } from '../../support/hold.js';
import { enter, type Member } from '../../support/people.js';
import { type Answer, call, done, items } from '../messages/calls.js';

describe('a page that is read while something is said', () => {
  let place: RunningApp;
  let ann: Member;
  let bob: Member;

  beforeEach(async () => {
    place = await startApp();
    ann = await enter(place, 'ann');
    bob = await enter(place, 'bob');
  });

  /** Asks for a page one of whose reads is carried out after `meanwhile`, the others before it. */
  async function read<Name extends string>(
    path: string,
    part: Record<Name, (...given: never[]) => Promise<unknown>>,
    late: Name,
    meanwhile: () => Promise<unknown>,
  ): Promise<Answer['body']> {
    const method = part[late];
    const release = hold(part, late);
    const asked = call(place, bob.tokens, 'GET', path);
    await release.reached;
    Object.assign(part, { [late]: method });
    // Reads are carried out in order: those that were begun before are done.
    await log().page(directKey(ann.tokens.user.id, bob.tokens.user.id), { limit: 1 });
    await meanwhile();
    release();
    return (await asked).body;
  }

  function log(): EventLog {
    return place.app.get(EventLog, { strict: false });
  }

  it('leads on to the first message of a conversation', async () => {
    const path = '/direct/ann/messages';
    const page = await read(path, log(), 'heads', () =>
      done(ann.socket, { type: 3, to: 'bob', data: 'the first' }),
    );
    expect(page['items']).toEqual([]);
    const next = await items(place, bob.tokens, `${path}?after=${String(page['head'])}`);
    expect(next).toMatchObject([{ data: 'the first' }]);
  });

  it('names no head above a change that it lacks', async () => {
    const target = await done(ann.socket, { type: 2, data: 'as it was' });
    const path = `/rooms/lobby/changes?after=${String(target)}`;
    const page = await read(path, log(), 'heads', () =>
      done(ann.socket, { type: 12, room: 'lobby', target, data: 'as it is' }),
    );
    const next = await items(
      place,
      bob.tokens,
      `/rooms/lobby/changes?after=${String(page['head'])}`,
    );
    const told = [...(page['items'] as readonly object[]), ...next];
    expect(told).toMatchObject([{ seq: target, data: 'as it is' }]);
  });

  it('leads on to the first reply of a thread', async () => {
    const root = await done(ann.socket, { type: 2, data: 'plans?' });
    const path = `/rooms/lobby/messages/${String(root)}/thread`;
    const page = await read(path, place.app.get(MessageStore, { strict: false }), 'at', () =>
      done(ann.socket, { type: 2, data: 'yes', thread: root }),
    );
    expect(page['items']).toEqual([]);
    const next = await items(place, bob.tokens, `${path}?after=${String(page['next_after'])}`);
    expect(next).toMatchObject([{ data: 'yes' }]);
  });
});
