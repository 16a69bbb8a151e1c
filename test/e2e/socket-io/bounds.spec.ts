import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectionRegistry } from '../../../src/gateway/connection-registry.js';
import { Roster } from '../../../src/gateway/roster.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, logout, type Member, type Tokens } from '../../support/people.js';
import { type ClientOptions, dial, joinBySocketIo } from '../../support/socket-io-client.js';
import { connect, refusal } from '../../support/ws-client.js';
import { bounded } from '../../support/bounded.js';
import { WebSocket } from 'ws';

const POLLING = '/socket.io/?EIO=4&transport=polling';
const BY_SOCKET = '/socket.io/?EIO=4&transport=websocket';
const WAYS: readonly (readonly [string, ClientOptions])[] = [
  ['a WebSocket', { transports: ['websocket'] }],
  ['long polling', { transports: ['polling'] }],
];

/** A session of long polling as it is on the wire. */
class Poll {
  private constructor(
    private readonly url: string,
    readonly sid: string,
  ) {}

  static async open(url: string, headers: Record<string, string> = {}): Promise<Poll> {
    const response = await fetch(url + POLLING, { headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return new Poll(url, (JSON.parse(text.slice(1)) as { sid: string }).sid);
  }

  async send(packets: string): Promise<Response> {
    return await fetch(`${this.url}${POLLING}&sid=${this.sid}`, { method: 'POST', body: packets });
  }

  /** Polls until a packet comes that begins so. */
  async until(mark: string): Promise<void> {
    let text = '';
    while (!text.split('\u001e').some((packet) => packet.startsWith(mark))) {
      ({ text } = await this.poll());
    }
  }

  async poll(): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.url}${POLLING}&sid=${this.sid}`);
    return { status: response.status, text: await response.text() };
  }
}

/** Packets of a session over a WebSocket, until it is closed. */
class Wire {
  readonly packets: string[] = [];
  private readonly closing: Promise<number>;

  private constructor(readonly raw: WebSocket) {
    raw.on('message', (data) => this.packets.push((data as Buffer).toString()));
    raw.on('error', () => undefined);
    this.closing = new Promise((resolve) => raw.once('close', resolve));
  }

  static async open(url: string): Promise<Wire> {
    const raw = new WebSocket(url.replace('http', 'ws') + BY_SOCKET);
    const wire = new Wire(raw);
    await bounded(new Promise((resolve) => raw.once('open', resolve)), 'a socket', () => '');
    return wire;
  }

  /** The first such packet, come or to come. */
  async packet(isSuch: (packet: string) => boolean): Promise<string> {
    const come = new Promise<string>((resolve) => {
      const look = (): void => {
        const packet = this.packets.find(isSuch);
        if (packet !== undefined) resolve(packet);
        else this.raw.once('message', look);
      };
      look();
    });
    return await bounded(come, 'a packet', () => this.packets.slice(-20).join('\n'));
  }

  async closed(): Promise<number> {
    return await bounded(this.closing, 'the close', () => this.packets.join('\n'));
  }
}

function registryOf(place: RunningApp): ConnectionRegistry {
  return place.app.get(ConnectionRegistry);
}

/** Places that are taken, by whomever. */
function placesOf(place: RunningApp): number {
  return (registryOf(place) as unknown as { places: number }).places;
}

describe('Who may open a Socket.IO session', () => {
  let place: RunningApp;
  let tokens: Tokens;

  beforeAll(async () => {
    place = await startApp({ ALLOWED_ORIGINS: 'https://chat.example.org' });
    tokens = await guest(place, 'opener');
  });

  it.each(['https://evil.example', 'null', 'https://chat.example.org.evil.example'])(
    'is nobody from the origin %s, by polling as by WebSocket, with 403',
    async (origin) => {
      const polled = await fetch(place.url + POLLING, { headers: { origin } });
      expect(polled.status).toBe(403);
      expect(await polled.json()).toMatchObject({ code: 'foreign-origin' });
      const url = place.url.replace('http', 'ws') + BY_SOCKET;
      const { status } = await refusal(url, { headers: { origin } });
      expect(status).toBe(403);
      expect(polled.headers.get('access-control-allow-origin')).not.toBe(origin);
    },
  );

  it('is not somebody of a foreign origin who knows the id of a session', async () => {
    const session = await Poll.open(place.url);
    const url = `${place.url}${POLLING}&sid=${session.sid}`;
    const headers = { origin: 'https://evil.example' };
    expect((await fetch(url, { headers })).status).toBe(403);
    expect((await fetch(url, { headers, method: 'POST', body: '40' })).status).toBe(403);
  });

  it('is an allowed origin, which may read the answer', async () => {
    const headers = { origin: 'https://chat.example.org' };
    const response = await fetch(place.url + POLLING, { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://chat.example.org');
  });

  it.each([
    ['a script element', `${POLLING}&j=0`, 'GET', 400],
    ['another version', '/socket.io/?EIO=3&transport=polling', 'GET', 400],
    ['another transport', '/socket.io/?EIO=4&transport=carrier', 'GET', 400],
    ['another method', POLLING, 'DELETE', 405],
    ['an unknown session', `${POLLING}&sid=nobody`, 'GET', 400],
    ['a session named after a prototype', `${POLLING}&sid=__proto__`, 'GET', 400],
    ['another path', '/socket.io/x', 'GET', 404],
  ])('is not %s', async (_what, path, method, status) => {
    const before = placesOf(place);
    expect((await fetch(place.url + path, { method })).status).toBe(status);
    expect(placesOf(place)).toBe(before);
  });

  it('does not upgrade a session that there is not, or that is upgraded already', async () => {
    const url = place.url.replace('http', 'ws') + BY_SOCKET;
    expect((await refusal(`${url}&sid=nobody`)).status).toBe(400);
    const client = await joinBySocketIo(place, tokens, { transports: ['websocket'] });
    const sid = client.raw.io.engine.id;
    expect((await refusal(`${url}&sid=${sid}`)).status).toBe(400);
    await client.roundTrip();
  });
});

describe('Too many Socket.IO sessions', () => {
  it('of one address are refused with 429, and counted until they end', async () => {
    const place = await startApp({ MAX_CONNECTIONS_PER_ADDRESS: '2' });
    const one = await joinBySocketIo(place, await guest(place, 'one'));
    await Poll.open(place.url);
    expect((await fetch(place.url + POLLING)).status).toBe(429);
    const url = place.url.replace('http', 'ws');
    expect((await refusal(url + BY_SOCKET)).status).toBe(429);
    expect((await refusal(place.wsUrl)).status).toBe(429);
    const gone = one.until('disconnect');
    one.raw.disconnect();
    await gone;
    await enter(place, 'two');
  });

  it('in a short time are refused with 429; an upgrade is no further one', async () => {
    const place = await startApp({ CONNECT_RATE: '2' });
    const one = await joinBySocketIo(place, await guest(place, 'one'));
    if (one.raw.io.engine.transport.name !== 'websocket') {
      await bounded(
        new Promise((resolve) => one.raw.io.engine.once('upgrade', resolve)),
        'an upgrade',
        () => one.seen(),
      );
    }
    await Poll.open(place.url);
    const response = await fetch(place.url + POLLING);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('of one person are refused by a connect_error that may be retried', async () => {
    const place = await startApp({ MAX_CONNECTIONS_PER_USER: '1' });
    const tokens = await guest(place, 'many');
    await joinBySocketIo(place, tokens);
    const second = dial(place.url, { auth: { token: tokens.access_token } });
    const error = await bounded(
      new Promise<unknown>((resolve) => second.raw.once('connect_error', resolve)),
      'a connect_error',
      () => second.seen(),
    );
    expect(error).toMatchObject({ data: { code: 'too-many-connections', retryable: true } });
  });

  it('that have not said who they are are 2,000 at most, until one has', async () => {
    const place = await startApp({ HANDSHAKE_TIMEOUT: '60' });
    const { access_token } = await guest(place, 'first');
    const first = await Poll.open(place.url);
    const silent = await Wire.open(place.url);
    for (let i = 2; i < 2_000; i += 27) {
      await Promise.all(Array.from({ length: 27 }, () => Poll.open(place.url)));
    }
    const refused = await fetch(place.url + POLLING);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'too-many-connections' });
    expect((await refusal(place.url.replace('http', 'ws') + BY_SOCKET)).status).toBe(429);
    await enter(place, 'native');
    await first.send(`40${JSON.stringify({ token: access_token })}`);
    await first.until('42["2"');
    await Poll.open(place.url);
    expect((await fetch(place.url + POLLING)).status).toBe(429);
    expect(silent.raw.readyState).toBe(WebSocket.OPEN);
  });

  it('that do not say who they are do not last', async () => {
    const place = await startApp({ HANDSHAKE_TIMEOUT: '1' });
    const silent = await Wire.open(place.url);
    const polled = await Poll.open(place.url);
    expect(placesOf(place)).toBe(2);
    await silent.closed();
    const { text } = await polled.poll();
    // Engine.IO's close packet, behind one that says nothing.
    expect(text.split('\u001e').at(-1)).toBe('1');
    expect(registryOf(place).size).toBe(0);
  });
});

describe.each(WAYS)('A packet by %s', (_way, options) => {
  let place: RunningApp;
  let bystander: Member;

  beforeAll(async () => {
    place = await startApp({ MAX_FRAME_BYTES: '2048' });
    bystander = await enter(place, 'bystander');
  });

  afterEach(async () => {
    await bystander.socket.roundTrip();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['with a field that is not known', { data: 'x', evil: 1 }, 'unknown-field'],
    [
      'with the key __proto__',
      JSON.parse('{"data":"x","__proto__":{"polluted":1}}'),
      'unknown-field',
    ],
    ['with the key constructor', { data: 'x', constructor: 1 }, 'unknown-field'],
    ['nested too deeply', { data: [[[[[[[[[[1]]]]]]]]]] }, 'too-deep'],
    ['without a text', {}, 'invalid-field'],
    ['that is an array', [1], 'bad-json'],
    ['that is a text', 'hello', 'bad-json'],
  ])('%s is refused, to the callback', async (_what, payload, code) => {
    const client = await joinBySocketIo(place, await guest(place), options);
    expect(await client.ask(2, payload as object)).toMatchObject({ code, retryable: false });
  });

  it('that is binary is refused', async () => {
    const client = await joinBySocketIo(place, await guest(place), options);
    client.raw.emit('2', { data: Buffer.from('bytes') });
    expect(await client.next({ type: 7 })).toMatchObject({ code: 'not-text' });
  });

  it('larger than a frame may be ends the connection', async () => {
    const client = await joinBySocketIo(place, await guest(place), {
      ...options,
      reconnection: false,
    });
    client.raw.emit('2', { data: 'x'.repeat(3_000) });
    await client.until('disconnect');
  });

  it('to another namespace is refused by a connect_error', async () => {
    const other = dial(`${place.url}/other`, { ...options, auth: {} });
    const error = await bounded(
      new Promise<Error>((resolve) => other.raw.once('connect_error', resolve)),
      'a connect_error',
      () => other.seen(),
    );
    expect(error.message).toBe('Invalid namespace');
  });

  it('of the wrong kind, again and again, ends the connection for good', async () => {
    const client = await joinBySocketIo(place, await guest(place), options);
    for (let i = 0; i < 60; i++) client.raw.emit('77', {});
    if (client.raw.connected) await client.until('disconnect');
    expect(client.partings).toEqual(['io server disconnect']);
  });

  it('floods are refused, and then end the connection', async () => {
    const strict = await startApp({ MESSAGE_RATE: '5' });
    const client = await joinBySocketIo(strict, await guest(strict, 'flood'), options);
    for (let i = 0; i < 90; i++) client.raw.emit('2', { data: `flood ${i}` });
    expect(await client.next({ type: 7 })).toMatchObject({ code: 'rate-limited', retryable: true });
    if (client.raw.connected) await client.until('disconnect');
    expect(client.partings).toEqual(['io server disconnect']);
  });
});

describe('A Socket.IO session on the wire', () => {
  let place: RunningApp;
  let tokens: Tokens;

  beforeAll(async () => {
    place = await startApp();
    tokens = await guest(place, 'raw');
  });

  it.each([
    ['an event before it is connected', ['42["2",{"data":"x"}]']],
    ['a CONNECT that is no JSON', ['40{']],
    ['a CONNECT for a namespace without end', [`40/${'x'.repeat(1_000)},`]],
    ['many CONNECTs to other namespaces', Array.from({ length: 20 }, () => '40/other,')],
    ['two CONNECTs at once', ['40{}', '40{}']],
    ['a ping, which is the service’s to send', ['2']],
    ['what is no packet', ['x']],
  ])('ends with %s', async (_what, packets) => {
    const wire = await Wire.open(place.url);
    for (const packet of packets) wire.raw.send(packet);
    await wire.closed();
    expect(wire.packets.length).toBeLessThan(12);
    expect(wire.packets.some((packet) => packet.startsWith('42["2"'))).toBe(false);
  });

  it('is one person at most, also where two CONNECTs that are both good come at once', async () => {
    const wire = await Wire.open(place.url);
    const connect = `40${JSON.stringify({ token: tokens.access_token })}`;
    wire.raw.send(connect);
    wire.raw.send(connect);
    await wire.closed();
    expect(wire.packets.filter((packet) => packet.startsWith('42["2"'))).toEqual([]);
    expect(registryOf(place).ofPerson(tokens.user.id)).toEqual([]);
  });

  it('refuses numbers of callbacks that nobody counts to', async () => {
    const wire = await Wire.open(place.url);
    wire.raw.send(`40${JSON.stringify({ token: tokens.access_token })}`);
    wire.raw.send(`40`);
    await wire.closed();
    const client = await Wire.open(place.url);
    client.raw.send(`40${JSON.stringify({ token: tokens.access_token })}`);
    await bounded(
      new Promise<void>((resolve) => {
        client.raw.on('message', (data) => {
          const packet = (data as Buffer).toString();
          if (packet.startsWith('42["2"')) client.raw.send(`42${'9'.repeat(300)}["1",{}]`);
          if (packet.includes('"bad-json"')) resolve();
        });
      }),
      'a refusal',
      () => client.packets.join('\n'),
    );
    expect(client.packets.some((packet) => packet.startsWith('43'))).toBe(false);
  });

  it('is pinged, and ended where it is silent', async () => {
    const hasty = await startApp({ HEARTBEAT_INTERVAL: '1' });
    const wire = await Wire.open(hasty.url);
    const { access_token } = await guest(hasty, 'silent');
    wire.raw.send(`40${JSON.stringify({ token: access_token })}`);
    await wire.closed();
    expect(wire.packets).toContain('2');
    const alive = await joinBySocketIo(hasty, await guest(hasty, 'alive'));
    const dead = await Poll.open(hasty.url);
    const { access_token: token } = await guest(hasty, 'dead');
    await dead.send(`40${JSON.stringify({ token })}`);
    await alive.next({ type: 5 }, 15_000);
    await alive.roundTrip();
  });

  it('stores again what it repeats after 1,000 answers whose pings it did not answer', async () => {
    const client = await Wire.open(place.url);
    client.raw.send(`40${JSON.stringify({ token: tokens.access_token })}`);
    await client.packet((packet) => packet.startsWith('42["2"'));
    const say = async (ackId: number, text: string): Promise<number> => {
      client.raw.send(`42${ackId}["2",${JSON.stringify({ data: text })}]`);
      const answer = await client.packet((packet) => packet.startsWith(`43${ackId}[`));
      return (JSON.parse(answer.slice(`43${ackId}`.length)) as [{ seq: number }])[0].seq;
    };
    const first = await say(1, 'the first');
    expect(await say(2, 'the first')).toBe(first);
    const second = await say(3, 'the second');
    for (let i = 4; i <= 1_001; i++) client.raw.send(`42${i}["2",{"data":"text ${i}"}]`);
    await client.packet((packet) => packet.startsWith('431001['));
    expect(await say(1_002, 'the second')).toBe(second);
    expect(await say(1_003, 'the first')).toBeGreaterThan(second);
  });

  it('has its POSTs wait while much of it is not handled yet, and lives through that', async () => {
    const busy = await startApp({ HEARTBEAT_INTERVAL: '1', HANDSHAKE_TIMEOUT: '1' });
    const other = await enter(busy, 'other');
    const session = await Poll.open(busy.url);
    const { access_token } = await guest(busy, 'eager');
    await session.send(`40${JSON.stringify({ token: access_token })}`);
    await session.until('42["2"');
    let goOn = (): void => undefined;
    const isFree = new Promise<void>((resolve) => (goOn = resolve));
    const roster = busy.app.get(Roster);
    const current = roster.current.bind(roster);
    roster.current = async () => {
      await isFree;
      return await current();
    };
    const many = Array.from({ length: 70 }, () => '42["8",{"data":{}}]');
    expect((await session.send(['42["1",{}]', ...many].join('\u001e'))).status).toBe(200);
    let isAnswered = false;
    const long = Array.from(
      { length: 12 },
      (_, i) => `42["2",{"data":"${i}${'x'.repeat(3_500)}"}]`,
    );
    const post = session.send([...long, '42["2",{"data":"the last"}]'].join('\u001e'));
    void post.then(() => (isAnswered = true));
    for (let i = 0; i < 4; i++) {
      const pinged = new Promise((resolve) => other.socket.raw.once('ping', resolve));
      await bounded(pinged, 'a ping', () => '');
    }
    expect(isAnswered).toBe(false);
    goOn();
    expect((await post).status).toBe(200);
    await other.socket.next({ data: 'the last' });
  });

  it('answers 413 to a body larger than a frame', async () => {
    const session = await Poll.open(place.url);
    expect((await session.send('4'.repeat(70_000))).status).toBe(413);
  });

  it('ends on logout', async () => {
    const leaver = await guest(place, 'leaver');
    const client = await joinBySocketIo(place, leaver);
    await logout(place, leaver.access_token);
    expect(await client.next({ type: 0 })).toMatchObject({ code: 'session-revoked' });
    if (client.raw.connected) await client.until('disconnect');
    expect(client.raw.active).toBe(false);
    const native = await connect(place.wsUrl, { token: leaver.access_token });
    expect((await native.closed()).code).toBe(4409);
  });
});
