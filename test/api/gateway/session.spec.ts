import { describe, expect, it } from '@jest/globals';
import { Clock } from '../../../src/kernel/clock.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, login, logout, PASSWORD, refresh, register } from '../../support/people.js';
import { onEachTransport } from '../../support/transports.js';
import { connect } from '../../support/ws-client.js';

describe('A session', () => {
  it('ends in the open socket within five seconds of its token [S6]', async () => {
    const place = await startApp({ ACCESS_TOKEN_TTL: '5' });
    const { socket } = await enter(place, 'brief');
    const welcome = socket.frames[0] as unknown as { session: { expires_at: number } };
    const error = await socket.next({ type: 0 });
    expect(error).toMatchObject({ user: null, code: 'token-expired' });
    expect(Date.now()).toBeLessThan(welcome.session.expires_at + 5_000);
    expect((await socket.closed()).code).toBe(4401);
  });

  it('is over with 4409 where it was revoked, also for who comes with it again [S7]', async () => {
    const place = await startApp();
    const { tokens, socket } = await enter(place, 'leaver');
    await logout(place, tokens.access_token);
    expect((await socket.closed(2_000)).code).toBe(4409);
    const again = await connect(place.wsUrl, { token: tokens.access_token });
    expect(await again.next({ type: 0 })).toMatchObject({ code: 'session-revoked' });
    expect((await again.closed()).code).toBe(4409);
  });
});

onEachTransport(({ enter, join }) => {
  it('A session goes on with a fresh token for the same person, beyond the end of the first [S6]', async () => {
    const place = await startApp({ ACCESS_TOKEN_TTL: '60' });
    const { tokens, socket } = await enter(place, 'lasting');
    const { socket: other } = await enter(place, 'brief');
    turnForward(place, 30_000);
    const fresh = await refresh(place, tokens.refresh_token);
    socket.send({ type: 9, data: fresh.access_token, ref: 'renew' });
    const renewed = await socket.next({ type: 9 });
    expect(renewed).toEqual({ type: 9, ref: 'renew', data: { expires_at: expect.any(Number) } });
    const welcome = socket.frames[0] as unknown as { session: { expires_at: number } };
    const { expires_at } = renewed.data as { expires_at: number };
    expect(expires_at).toBeGreaterThan(welcome.session.expires_at);
    turnForward(place, 31_000);
    expect(await other.next({ type: 0 })).toMatchObject({ code: 'token-expired' });
    socket.send({ type: 2, data: 'still here', ref: 'on' });
    await socket.next({ type: 6, ref: 'on' });
  });

  it("A session does not go on with somebody else's token", async () => {
    const place = await startApp();
    const { socket } = await enter(place, 'me');
    const other = await guest(place, 'other');
    socket.send({ type: 9, data: other.access_token });
    expect(await socket.next({ type: 0 })).toMatchObject({ code: 'invalid-token' });
    expect(await socket.ended()).toBe(false);
  });

  it('A session ends on logout on all of its sockets, and on no others [S7]', async () => {
    const place = await startApp();
    const { tokens, socket } = await enter(place, 'leaver');
    const second = await join(place, tokens);
    const other = await enter(place, 'stayer');
    await logout(place, tokens.access_token);
    for (const one of [socket, second]) {
      expect(await one.next({ type: 0 })).toMatchObject({ code: 'session-revoked' });
      expect(await one.ended()).toBe(false);
    }
    await other.socket.roundTrip();
  });

  it('A session ends with a new password on the sockets of all other sessions of the person [S7]', async () => {
    const place = await startApp();
    const here = await register(place, 'changer');
    const mine = await join(place, here);
    const there = await join(place, await login(place, 'changer'));
    const other = await enter(place, 'stayer');
    const answer = await fetch(`${place.url}/auth/password`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${here.access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ current_password: PASSWORD, new_password: `${PASSWORD}, renewed` }),
    });
    expect(answer.status).toBe(204);
    expect(await there.next({ type: 0 })).toMatchObject({ code: 'session-revoked' });
    expect(await there.ended()).toBe(false);
    mine.send({ type: 2, data: 'still here' });
    await other.socket.next({ type: 2, data: 'still here' });
  });
});

/** Puts the service's clock forward, over what was put forward before. */
function turnForward(place: RunningApp, milliseconds: number): void {
  const clock = place.app.get(Clock);
  const now = clock.now.bind(clock);
  clock.now = () => now() + milliseconds;
}
