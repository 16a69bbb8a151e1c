import { beforeAll, describe, expect, it } from '@jest/globals';
import { UserStore } from '../../../src/auth/accounts/user-store.js';
import { ConversationStore } from '../../../src/chat/conversations/conversation-store.js';
import { EventLog } from '../../../src/chat/log/event-log.js';
import type { Person } from '../../../src/kernel/person.js';
import { account } from '../../contract/people.js';
import { whisper } from '../../contract/drafts.js';
import { until } from '../../support/bounded.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, join, register, type Tokens } from '../../support/people.js';
import { connect, type Frame } from '../../support/ws-client.js';

/** More than one return brings. */
const CROWD = 1_020;
const AT_ONCE = 1_000;
const PAGE = 200;

/** Accounts that wrote once, to one person, while that person was away. */
async function crowdWritesTo(
  place: RunningApp,
  people: readonly Person[],
  others: readonly Person[],
): Promise<void> {
  const store = place.app.get(EventLog);
  for (const person of people) {
    const drafts = others.map((one) => whisper(one, person, `spam of ${one.username}`));
    await store.append(drafts);
  }
}

async function makeGuests(place: RunningApp, count: number): Promise<readonly Person[]> {
  const users = place.app.get(UserStore);
  const accounts = Array.from({ length: count }, (_, n) =>
    account(`throwaway${n}`, { passwordHash: null }),
  );
  await Promise.all(accounts.map((one) => users.create(one)));
  return accounts.map(({ id, username }) => ({ id, username }));
}

/** Marks of what was delivered are written once a second. */
async function isKnown(place: RunningApp, one: Person, other: Person): Promise<true | null> {
  const directs = await place.app.get(ConversationStore).directs(one.id, 10);
  const found = directs.find((direct) => direct.with.id === other.id);
  return found !== undefined && found.delivered > 0 ? true : null;
}

async function listAll(place: RunningApp, tokens: Tokens): Promise<readonly string[]> {
  const names: string[] = [];
  let after: string | null = '';
  while (after !== null) {
    const more = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const response = await fetch(`${place.url}/direct?limit=${PAGE}${more}`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    const page = (await response.json()) as {
      items: { user: Person }[];
      next: string | null;
    };
    expect(page.items.length).toBeLessThanOrEqual(PAGE);
    names.push(...page.items.map((item) => item.user.username));
    after = page.next;
  }
  return names;
}

function authors(frames: readonly Frame[]): readonly (string | undefined)[] {
  return frames.filter((frame) => frame.type === 3).map((frame) => frame.user?.username);
}

describe('Somebody to whom a crowd of throw-away accounts wrote while they were away', () => {
  let place: RunningApp;
  let ben: Tokens;
  let cid: Tokens;
  let latest: Tokens;

  beforeAll(async () => {
    place = await startApp();
    ben = await register(place, 'ben');
    cid = await register(place, 'cid');
    const friend = await enter(place, 'friend');
    // They have talked before; the friend is a guest, too.
    for (const tokens of [ben, cid]) {
      const socket = await join(place, tokens);
      friend.socket.send({ type: 3, to: tokens.user.username, data: 'before' });
      await socket.next({ type: 3, data: 'before' });
      await socket.close();
      await until(
        () => isKnown(place, tokens.user, friend.tokens.user),
        'a delivery mark',
        () => 'none',
      );
    }
    await crowdWritesTo(place, [ben.user, cid.user], await makeGuests(place, CROWD));
    const colleague = { ...(await register(place, 'colleague')).user };
    await place.app
      .get(EventLog)
      .append([ben, cid].map(({ user }) => whisper(colleague, user, 'of a colleague')));
    for (const { user } of [ben, cid]) {
      friend.socket.send({ type: 3, to: user.username, data: 'of a friend', ref: user.id });
      await friend.socket.next({ type: 6, ref: user.id });
    }
    latest = await guest(place, 'latest');
    await crowdWritesTo(place, [ben.user, cid.user], [latest.user]);
  });

  it('is brought first what a friend wrote, and of the crowd the rest with the next return [S49]', async () => {
    const first = await join(place, ben);
    const come = await first.take(AT_ONCE, { type: 3 });
    await first.roundTrip();
    expect(come.slice(0, 2).map((frame) => frame.data)).toEqual(['of a friend', 'of a colleague']);
    expect(authors(first.rest())).toEqual([]);
    // What is said by somebody whose older message was not brought does not hide that one.
    const late = await join(place, latest);
    late.send({ type: 3, to: 'ben', data: 'and now', ref: 'now' });
    await first.next({ type: 3, data: 'and now' });
    await first.close();

    const second = await join(place, ben);
    const rest = await second.take(CROWD + 3 - AT_ONCE + 1, { type: 3 });
    const names = authors([...come, ...rest]);
    expect(new Set(names).size).toBe(CROWD + 3);
    expect(rest.filter((one) => one.user?.username === 'latest').map((one) => one.seq)).toEqual([
      1, 2,
    ]);
    await second.close();

    const third = await join(place, ben);
    await third.roundTrip();
    expect(authors(third.frames)).toEqual([]);
  });

  it('is told by a Sync that there is more, and is brought it by another [S49]', async () => {
    const socket = await connect(`${place.wsUrl}?resume=1`, { token: cid.access_token });
    await socket.next({ type: 2, user: null });
    socket.send({ type: 8, data: {}, ref: 'one' });
    const one = await socket.next({ type: 8 });
    expect(one).toMatchObject({ ref: 'one', more: true });
    expect(Object.keys(one.data as object)).toHaveLength(AT_ONCE);
    expect(socket.frames.find((frame) => frame.type === 3)?.data).toBe('of a friend');
    socket.send({ type: 8, data: {}, ref: 'two' });
    const two = await socket.next({ type: 8 });
    expect(two).toMatchObject({ ref: 'two' });
    expect(two).not.toHaveProperty('more');
    expect(new Set(authors(socket.frames)).size).toBe(CROWD + 3);
    socket.send({ type: 8, data: {}, ref: 'three' });
    expect(await socket.next({ type: 8 })).toEqual({ type: 8, ref: 'three', data: {} });
  });

  it('can list all of them, page by page, the friend among the latest [S49]', async () => {
    const names = await listAll(place, cid);
    expect(names).toHaveLength(CROWD + 3);
    expect(new Set(names).size).toBe(CROWD + 3);
    expect(names.slice(0, 2)).toContain('friend');
  });
});
