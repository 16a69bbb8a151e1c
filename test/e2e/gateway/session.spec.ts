import { describe, expect, it } from '@jest/globals';
import { startApp } from '../../support/app.js';
import { enter, guest, join, logout, refresh } from '../../support/people.js';
import { connect } from '../../support/ws-client.js';

describe('A session', () => {
  it('ends in the open socket when its token does', async () => {
    const place = await startApp({ ACCESS_TOKEN_TTL: '5' });
    const { socket } = await enter(place, 'brief');
    const error = await socket.next({ type: 0 });
    expect(error).toMatchObject({ user: null, code: 'token-expired' });
    expect((await socket.closed()).code).toBe(4401);
  });

  it('goes on with a fresh token for the same person', async () => {
    const place = await startApp({ ACCESS_TOKEN_TTL: '5' });
    const { tokens, socket } = await enter(place, 'lasting');
    const fresh = await refresh(place, tokens.refresh_token);
    socket.send({ type: 9, data: fresh.access_token, ref: 'renew' });
    const renewed = await socket.next({ type: 9 });
    expect(renewed).toEqual({ type: 9, ref: 'renew', data: { expires_at: expect.any(Number) } });
    const welcome = socket.frames[0] as unknown as { session: { expires_at: number } };
    const { expires_at } = renewed.data as { expires_at: number };
    expect(expires_at).toBeGreaterThanOrEqual(welcome.session.expires_at);
  });

  it("does not go on with somebody else's token", async () => {
    const place = await startApp();
    const { socket } = await enter(place, 'me');
    const other = await guest(place, 'other');
    socket.send({ type: 9, data: other.access_token });
    expect(await socket.next({ type: 0 })).toMatchObject({ code: 'invalid-token' });
    expect((await socket.closed()).code).toBe(4401);
  });

  it('ends on logout on all of its sockets, and on no others [S7]', async () => {
    const place = await startApp();
    const { tokens, socket } = await enter(place, 'leaver');
    const second = await join(place, tokens);
    const other = await enter(place, 'stayer');
    await logout(place, tokens.access_token);
    for (const one of [socket, second]) {
      expect(await one.next({ type: 0 })).toMatchObject({ code: 'session-revoked' });
      expect((await one.closed(2_000)).code).toBe(4409);
    }
    await other.socket.roundTrip();
    const again = await connect(place.wsUrl, { token: tokens.access_token });
    expect(await again.next({ type: 0 })).toMatchObject({ code: 'session-revoked' });
    expect((await again.closed()).code).toBe(4409);
  });
});
