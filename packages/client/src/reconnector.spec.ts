import { describe, expect, it } from '@jest/globals';
import { stageForEach } from './testing/stage.js';

const stage = stageForEach();

describe('The connection of a client', () => {
  it('opens the socket with a ticket and is online with the welcome', async () => {
    const { service, under } = stage();
    under.client.connect();
    const peer = await service.nextPeer();
    expect(peer.ticket).toBe('a ticket');
    expect(under.client.state.name).toBe('connecting');
    peer.welcome(3);
    const state = await under.until('online');
    expect(state).toMatchObject({ welcome: { heads: { lobby: 3 }, data: 'Welcome' } });
  });

  it('renews an expired token and goes on, over a close 4401', async () => {
    const { service, under } = stage();
    const first = await under.goOnline(0);
    first.send({ type: 0, user: null, data: 'token expired', code: 'token-expired' });
    first.close(4401);
    const second = await service.nextPeer();
    second.welcome(0);
    await under.until('online');
    expect(service.calls.filter((call) => call === 'POST /auth/refresh')).toHaveLength(1);
  });

  it('ends with the reason where the refresh token is no good either', async () => {
    const { service, under } = stage();
    service.answers.set('POST /auth/refresh', () => ({
      status: 401,
      body: { code: 'session-revoked' },
    }));
    const peer = await under.goOnline(0);
    peer.close(4401);
    expect(await under.until('ended')).toEqual({ name: 'ended', reason: 'session-revoked' });
  });

  it('ends where a fresh token is refused too, and does not go in circles', async () => {
    const { service, under } = stage();
    under.client.connect();
    (await service.nextPeer()).close(4401);
    (await service.nextPeer()).close(4401);
    await under.until('ended');
    expect(service.calls.filter((call) => call === 'POST /auth/ticket')).toHaveLength(2);
  });

  it.each([
    ['4409', 4409, 'session-revoked'],
    ['a revoked session', 4401, 'session-revoked'],
  ])('ends after %s without asking for tokens', async (_, code, reason) => {
    const { service, under } = stage();
    const peer = await under.goOnline(0);
    peer.send({ type: 0, user: null, data: 'over', code: 'session-revoked' });
    peer.close(code);
    expect(await under.until('ended')).toEqual({ name: 'ended', reason });
    expect(service.calls).not.toContain('POST /auth/refresh');
  });

  it('stays offline after a protocol close until it is asked to connect', async () => {
    const { service, under } = stage();
    const peer = await under.goOnline(0);
    peer.close(1008);
    expect(await under.until('offline')).toEqual({ name: 'offline', code: 1008 });
    under.client.connect();
    (await service.nextPeer()).welcome(0);
    await under.until('online');
  });

  it('sends Renew in the open connection when its token was refreshed', async () => {
    const { under } = stage();
    const peer = await under.goOnline(0);
    const { accessToken } = await under.session.refresh();
    expect(await peer.next()).toEqual({ type: 9, data: accessToken });
  });

  it('refreshes before the token ends, by itself', async () => {
    const under = stage().replaceClient({ expiresIn: 0.2 });
    const peer = await under.goOnline(0);
    expect(await peer.next()).toMatchObject({ type: 9 });
  });

  it('probes a silent connection and leaves it when no answer comes', async () => {
    const { service, under } = stage();
    under.client.connect();
    const first = await service.nextPeer();
    first.welcome(0, 40);
    await first.answerSync();
    expect(await first.next()).toEqual({ type: 8, data: {} });
    const second = await service.nextPeer();
    second.welcome(0);
    await under.until('online');
    expect(await first.closed).toBeGreaterThan(0);
  });

  it('keeps a silent connection that answers the probe', async () => {
    const { service, under } = stage();
    under.client.connect();
    const peer = await service.nextPeer();
    peer.welcome(0, 40);
    await peer.answerSync();
    for (let i = 0; i < 3; i++) {
      expect(await peer.next()).toEqual({ type: 8, data: {} });
      peer.send({ type: 8, data: {} });
    }
    expect(under.client.state.name).toBe('online');
  });

  it('comes back when the service was away and its port refused connections', async () => {
    const { service, under } = stage();
    const first = await under.goOnline(2);
    const port = Number(new URL(service.origin).port);
    first.cut();
    await service.stop();
    await under.until('waiting');
    await service.start(port);
    const second = await service.nextPeer();
    second.welcome(2);
    await under.until('online');
  });

  it('gives up its connection at once where the network is gone, and tries on', async () => {
    const { service, under } = stage();
    await under.goOnline(2);
    under.client.interrupt();
    expect(under.client.state.name).toBe('waiting');
    (await service.nextPeer()).welcome(2);
    await under.until('online');
  });

  it('does not come back after disconnect, whatever the network does', async () => {
    const { under } = stage();
    const peer = await under.goOnline(0);
    under.client.disconnect();
    under.client.interrupt();
    await peer.closed;
    expect(under.client.state).toEqual({ name: 'offline', code: null });
  });
});
