import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { ChatClient, type ConnectionState } from './chat-client.js';
import { RestClient } from './rest.js';
import { directMessage, roomMessage, ScriptedService } from './testing/scripted-service.js';
import { keep, TokenSession } from './token-session.js';

let service: ScriptedService;
let session: TokenSession;
let client: ChatClient;
let heard: string[];

function build(options: { catchUpLimit?: number; expiresIn?: number } = {}): void {
  const rest = new RestClient(service.origin);
  session = new TokenSession(rest, keep(service.nextTokens(options.expiresIn)));
  client = new ChatClient({
    rest,
    session,
    openSocket: (url) => new WebSocket(url),
    backoff: { base: 1 },
    catchUpLimit: options.catchUpLimit ?? 100,
  });
  heard = [];
  client.events.on('message', ({ conversation, frame }) => {
    heard.push(`${conversation} ${String(frame.seq)} ${frame.data}`);
  });
}

function until(wanted: ConnectionState['name']): Promise<ConnectionState> {
  return new Promise((resolve) => {
    if (client.state.name === wanted) resolve(client.state);
    client.events.on('state', (state) => {
      if (state.name === wanted) resolve(state);
    });
  });
}

function untilCurrent(): Promise<void> {
  return new Promise((resolve) => {
    client.events.on('current', () => {
      resolve();
    });
  });
}

function untilHeard(count: number): Promise<void> {
  return new Promise((resolve) => {
    if (heard.length >= count) resolve();
    client.events.on('message', () => {
      if (heard.length >= count) resolve();
    });
  });
}

/** Connected, and welcomed to a lobby that stands at `head`. */
async function goOnline(head: number) {
  const current = untilCurrent();
  client.connect();
  const peer = await service.nextPeer();
  peer.welcome(head);
  await peer.answerSync();
  await current;
  return peer;
}

beforeEach(async () => {
  service = new ScriptedService();
  await service.start();
  build();
});

afterEach(async () => {
  client.disconnect();
  session.stop();
  await service.stop();
});

describe('ChatClient', () => {
  it('opens the socket with a ticket and is online with the welcome', async () => {
    client.connect();
    const peer = await service.nextPeer();
    expect(peer.ticket).toBe('a ticket');
    expect(client.state.name).toBe('connecting');
    peer.welcome(3);
    const state = await until('online');
    expect(state).toMatchObject({ welcome: { heads: { lobby: 3 }, data: 'Welcome' } });
  });

  it('comes back by itself and names up to where it has everything', async () => {
    const first = await goOnline(3);
    first.send(roomMessage(4));
    await untilHeard(1);
    first.cut();
    const second = await service.nextPeer();
    second.welcome(6);
    const sync = await second.next();
    expect(sync).toMatchObject({ type: 8, data: { lobby: 4 } });
    const current = untilCurrent();
    second.send(roomMessage(5), roomMessage(6));
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 6, complete: true } } });
    await current;
    expect(heard).toEqual(['lobby 4 message 4', 'lobby 5 message 5', 'lobby 6 message 6']);
  });

  it('tells each message once, however often it comes', async () => {
    const peer = await goOnline(3);
    peer.send(roomMessage(4), roomMessage(4), roomMessage(3), roomMessage(5));
    await untilHeard(2);
    expect(heard).toEqual(['lobby 4 message 4', 'lobby 5 message 5']);
  });

  it('asks for what lies in a gap and tells it in order', async () => {
    const peer = await goOnline(3);
    peer.send(roomMessage(6));
    const sync = await peer.next();
    expect(sync).toMatchObject({ type: 8, data: { lobby: 3 } });
    peer.send(roomMessage(4), roomMessage(5), roomMessage(6));
    peer.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 6, complete: true } } });
    await untilHeard(3);
    expect(heard.map((line) => line.split(' ')[1])).toEqual(['4', '5', '6']);
  });

  it('passes over a number whose type it does not know: it is filled, and no gap', async () => {
    const peer = await goOnline(3);
    const reaction = {
      type: 14,
      user: { id: 'id-bob', username: 'bob' },
      room: 'lobby',
      target: 1,
    };
    peer.send({ ...reaction, seq: 4, id: 'r', time: 4, data: { '👍': { count: 1 } } });
    peer.send(roomMessage(5));
    await untilHeard(1);
    expect(heard).toEqual(['lobby 5 message 5']);
    expect([client.position('lobby'), peer.unread]).toEqual([5, 0]);
  });

  it('passes over such a number in private, too, from either side', async () => {
    const peer = await goOnline(3);
    const bob = { id: 'id-bob', username: 'bob' };
    peer.send(directMessage(1));
    peer.send({ type: 12, user: bob, to: 'alice', target: 1, data: 'x', seq: 2, id: 'e', time: 2 });
    peer.send({ type: 99, user: client.self, to: 'bob', seq: 3, id: 'u', time: 3 });
    peer.send(directMessage(4));
    await untilHeard(2);
    expect([client.position('@bob'), peer.unread]).toEqual([4, 0]);
  });

  it('asks for what lies before a number of an unknown type, as before any other', async () => {
    const peer = await goOnline(3);
    peer.send({ type: 14, user: null, room: 'lobby', seq: 5, id: 'r', time: 5 });
    expect(await peer.next()).toMatchObject({ type: 8, data: { lobby: 3 } });
  });

  it.each([
    ['a Read mark', { type: 11, user: { id: 'id-bob', username: 'bob' }, room: 'lobby', seq: 4 }],
    ['a frame without a number', { type: 10, user: null, room: 'lobby', data: [], total: 0 }],
    ['a frame of nowhere', { type: 20, user: null, seq: 4 }],
  ])('does not take %s for one that fills a number', async (_, frame) => {
    const peer = await goOnline(3);
    peer.send(frame, roomMessage(4));
    await untilHeard(1);
    expect([heard, peer.unread]).toEqual([['lobby 4 message 4'], 0]);
  });

  it('takes a page for all that there is between its ends', async () => {
    const log = [1, 2, 5, 8].map((seq) => roomMessage(seq));
    service.answers.set('GET /rooms/lobby/messages', (query) => {
      const after = Number(query.get('after'));
      const items = log.filter(({ seq }) => seq > after && seq <= after + 3);
      const last = Math.min(after + 3, 10);
      return { status: 200, body: { items, head: 10, next_after: last < 10 ? last : null } };
    });
    const first = await goOnline(1);
    first.cut();
    const second = await service.nextPeer();
    second.welcome(10);
    const sync = await second.next();
    const current = untilCurrent();
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 10, complete: false } } });
    await current;
    expect(heard.map((line) => Number(line.split(' ')[1]))).toEqual([2, 5, 8]);
    expect([client.position('lobby'), second.unread]).toEqual([10, 0]);
  });

  it('pages over HTTP where too much was missed for Sync', async () => {
    const log = Array.from({ length: 50 }, (_, index) => roomMessage(index + 1));
    service.answers.set('GET /rooms/lobby/messages', (query) => {
      const after = Number(query.get('after'));
      return { status: 200, body: { items: log.slice(after, after + 20), head: 50 } };
    });
    const first = await goOnline(3);
    first.cut();
    const second = await service.nextPeer();
    second.welcome(50);
    const sync = await second.next();
    const current = untilCurrent();
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 50, complete: false } } });
    await current;
    expect(heard.map((line) => Number(line.split(' ')[1]))).toEqual(
      Array.from({ length: 47 }, (_, index) => index + 4),
    );
  });

  it('pages over HTTP where the service does not know Sync', async () => {
    service.answers.set('GET /rooms/lobby/messages', () => ({
      status: 200,
      body: { items: [roomMessage(4)], head: 4 },
    }));
    client.connect();
    const peer = await service.nextPeer();
    peer.welcome(3);
    const sync = await peer.next();
    const current = untilCurrent();
    peer.send({ type: 7, ref: sync['ref'], code: 'unknown-type', data: '', retryable: false });
    await current;
    expect(heard).toEqual(['lobby 4 message 4']);
  });

  it('skips to the head where more was missed than it would catch up', async () => {
    client.disconnect();
    session.stop();
    build({ catchUpLimit: 10 });
    service.answers.set('GET /rooms/lobby/messages', () => ({
      status: 200,
      body: { items: [roomMessage(4)], head: 5_000 },
    }));
    const first = await goOnline(3);
    first.cut();
    const skips: unknown[] = [];
    client.events.on('skipped', (skip) => skips.push(skip));
    const second = await service.nextPeer();
    second.welcome(5_000);
    const sync = await second.next();
    const current = untilCurrent();
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 5_000, complete: false } } });
    await current;
    second.send(roomMessage(5_001));
    await untilHeard(1);
    expect(skips).toEqual([{ conversation: 'lobby', head: 5_000 }]);
    expect(heard).toEqual(['lobby 5001 message 5001']);
  });

  describe('where the log ends below what was received', () => {
    const resets: string[] = [];

    async function comeBackTo(head: number) {
      resets.length = 0;
      client.events.on('reset', (reset) => {
        resets.push(`${reset.conversation} ${String(reset.head)}`);
      });
      const first = await goOnline(5);
      first.send(roomMessage(6), roomMessage(7), roomMessage(8));
      await untilHeard(3);
      first.cut();
      const peer = await service.nextPeer();
      peer.welcome(head);
      return peer;
    }

    it('says so, and goes on from there with what came meanwhile', async () => {
      const peer = await comeBackTo(6);
      const sync = await peer.next();
      expect(sync['data']).toEqual({ lobby: 8 });
      peer.send(roomMessage(7, 'new 7'));
      peer.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 6, complete: true } } });
      const again = await peer.next();
      expect(again['data']).toEqual({ lobby: 6 });
      peer.send(roomMessage(7, 'new 7'));
      peer.send({ type: 8, ref: again['ref'], data: { lobby: { seq: 7, complete: true } } });
      peer.send(roomMessage(8, 'new 8'));
      await untilHeard(5);
      expect(resets).toEqual(['lobby 6']);
      expect(heard.slice(3)).toEqual(['lobby 7 new 7', 'lobby 8 new 8']);
      expect(client.position('lobby')).toBe(8);
    });

    it('finds it by pages, too, where the service does not know Sync', async () => {
      service.answers.set('GET /rooms/lobby/messages', () => ({
        status: 200,
        body: { items: [], head: 6 },
      }));
      const peer = await comeBackTo(6);
      const current = untilCurrent();
      const sync = await peer.next();
      peer.send({ type: 7, ref: sync['ref'], code: 'unknown-type', data: '', retryable: false });
      await current;
      peer.send(roomMessage(7, 'new 7'));
      await untilHeard(4);
      expect(resets).toEqual(['lobby 6']);
      expect(heard.at(-1)).toBe('lobby 7 new 7');
    });
  });

  it('sends what was never acknowledged again under its ref, over the next connection', async () => {
    const first = await goOnline(0);
    client.send('lobby', 'hello');
    const frame = await first.next();
    first.cut();
    const second = await service.nextPeer();
    second.welcome(0);
    await second.answerSync();
    expect(await second.next()).toEqual(frame);
    expect(client.outbox.entries()[0]?.state).toBe('pending');
  });

  it('tells its own private message from the Ack, since no frame of it comes here', async () => {
    const peer = await goOnline(0);
    client.send('@bob', 'psst');
    const frame = await peer.next();
    expect(frame).toMatchObject({ type: 3, to: 'bob', data: 'psst' });
    peer.send({ type: 6, ref: frame['ref'], to: 'bob', id: 'id', seq: 1, time: 5 });
    peer.send(directMessage(2));
    await untilHeard(2);
    expect(heard).toEqual(['@bob 1 psst', '@bob 2 secret 2']);
    expect(client.outbox.entries()).toEqual([]);
  });

  it('gives up a conversation that cannot be read, and goes on with the others', async () => {
    service.answers.set('GET /direct/nobody/messages', () => ({ status: 404, body: {} }));
    const peer = await goOnline(0);
    client.learn('@nobody', 1);
    client.learn('@nobody', 2);
    const sync = await peer.next();
    const current = untilCurrent();
    peer.send({ type: 7, ref: sync['ref'], code: 'not-a-member', data: '', retryable: false });
    await current;
    expect(client.state.name).toBe('online');
  });

  it('tells who is online, and how many in all', async () => {
    const peer = await goOnline(0);
    const people = new Promise((resolve) => client.events.on('people', resolve));
    client.requestPeople();
    expect(await peer.next()).toEqual({ type: 1 });
    peer.send({ type: 1, user: null, data: '[{"id":"1","username":"bob"}]', total: 7 });
    expect(await people).toEqual({ list: [{ id: '1', username: 'bob' }], total: 7 });
  });

  it('catches up a conversation of which a list says that it goes on', async () => {
    const peer = await goOnline(0);
    client.learn('@bob', 4);
    expect(client.position('@bob')).toBe(4);
    client.learn('@bob', 6);
    expect(await peer.next()).toMatchObject({ type: 8, data: { '@bob': 4 } });
  });

  it('renews an expired token and goes on, over a close 4401', async () => {
    const first = await goOnline(0);
    first.send({ type: 0, user: null, data: 'token expired', code: 'token-expired' });
    first.close(4401);
    const second = await service.nextPeer();
    second.welcome(0);
    await until('online');
    expect(service.calls.filter((call) => call === 'POST /auth/refresh')).toHaveLength(1);
  });

  it('ends with the reason where the refresh token is no good either', async () => {
    service.answers.set('POST /auth/refresh', () => ({
      status: 401,
      body: { code: 'session-revoked' },
    }));
    const peer = await goOnline(0);
    peer.close(4401);
    expect(await until('ended')).toEqual({ name: 'ended', reason: 'session-revoked' });
  });

  it('ends where a fresh token is refused too, and does not go in circles', async () => {
    client.connect();
    (await service.nextPeer()).close(4401);
    (await service.nextPeer()).close(4401);
    await until('ended');
    expect(service.calls.filter((call) => call === 'POST /auth/ticket')).toHaveLength(2);
  });

  it.each([
    ['4409', 4409, 'session-revoked'],
    ['a revoked session', 4401, 'session-revoked'],
  ])('ends after %s without asking for tokens', async (_, code, reason) => {
    const peer = await goOnline(0);
    peer.send({ type: 0, user: null, data: 'over', code: 'session-revoked' });
    peer.close(code);
    expect(await until('ended')).toEqual({ name: 'ended', reason });
    expect(service.calls).not.toContain('POST /auth/refresh');
  });

  it('stays offline after a protocol close until it is asked to connect', async () => {
    const peer = await goOnline(0);
    peer.close(1008);
    expect(await until('offline')).toEqual({ name: 'offline', code: 1008 });
    client.connect();
    (await service.nextPeer()).welcome(0);
    await until('online');
  });

  it('sends Renew in the open connection when its token was refreshed', async () => {
    const peer = await goOnline(0);
    const { accessToken } = await session.refresh();
    expect(await peer.next()).toEqual({ type: 9, data: accessToken });
  });

  it('refreshes before the token ends, by itself', async () => {
    client.disconnect();
    session.stop();
    build({ expiresIn: 0.2 });
    const peer = await goOnline(0);
    expect(await peer.next()).toMatchObject({ type: 9 });
  });

  it('probes a silent connection and leaves it when no answer comes', async () => {
    client.connect();
    const first = await service.nextPeer();
    first.welcome(0, 40);
    await first.answerSync();
    expect(await first.next()).toEqual({ type: 8, data: {} });
    const second = await service.nextPeer();
    second.welcome(0);
    await until('online');
    expect(await first.closed).toBeGreaterThan(0);
  });

  it('keeps a silent connection that answers the probe', async () => {
    client.connect();
    const peer = await service.nextPeer();
    peer.welcome(0, 40);
    await peer.answerSync();
    for (let i = 0; i < 3; i++) {
      expect(await peer.next()).toEqual({ type: 8, data: {} });
      peer.send({ type: 8, data: {} });
    }
    expect(client.state.name).toBe('online');
  });

  it('comes back when the service was away and its port refused connections', async () => {
    const first = await goOnline(2);
    const port = Number(new URL(service.origin).port);
    first.cut();
    await service.stop();
    await until('waiting');
    service = new ScriptedService();
    await service.start(port);
    const second = await service.nextPeer();
    second.welcome(2);
    await until('online');
  });

  it('gives up its connection at once where the network is gone, and tries on', async () => {
    await goOnline(2);
    client.interrupt();
    expect(client.state.name).toBe('waiting');
    (await service.nextPeer()).welcome(2);
    await until('online');
  });

  it('does not come back after disconnect, whatever the network does', async () => {
    const peer = await goOnline(0);
    client.disconnect();
    client.interrupt();
    await peer.closed;
    expect(client.state).toEqual({ name: 'offline', code: null });
  });

  it('keeps what is written after disconnect', async () => {
    await goOnline(0);
    client.disconnect();
    expect(client.send('lobby', 'later')?.state).toBe('pending');
  });
});
