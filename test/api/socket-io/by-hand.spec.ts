import { beforeAll, describe, expect, it } from '@jest/globals';
import { PeopleList } from '../../../src/gateway/presence/people-list.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { bounded } from '../../support/bounded.js';
import { enter, guest, logout, type Tokens } from '../../support/people.js';
import { joinBySocketIo } from '../../support/socket-io-client.js';
import { connect } from '../../support/ws-client.js';
import { Poll, Wire } from './by-hand.js';
import { seatsOf, registryOf } from './seats.js';

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

  describe('of long polling, of which much is not handled yet,', () => {
    /** A session that nothing more is read of until the returned call. */
    async function paused(busy: RunningApp): Promise<{ session: Poll; goOn: () => void }> {
      const session = await Poll.open(busy.url);
      const { access_token } = await guest(busy);
      await session.send(`40${JSON.stringify({ token: access_token })}`);
      await session.until('42["2"');
      let goOn = (): void => undefined;
      const isFree = new Promise<void>((resolve) => (goOn = resolve));
      const roster = busy.app.get(PeopleList);
      const current = roster.current.bind(roster);
      roster.current = async () => {
        await isFree;
        return await current();
      };
      const many = Array.from({ length: 70 }, () => '42["8",{"data":{}}]');
      const posted = await session.send(['42["1",{}]', ...many].join('\u001e'));
      expect(posted.status).toBe(200);
      return { session, goOn };
    }

    it('has its next POST wait, and lives as long as it polls', async () => {
      const busy = await startApp({ HEARTBEAT_INTERVAL: '1', HANDSHAKE_TIMEOUT: '1' });
      const other = await enter(busy, 'other');
      const { session, goOn } = await paused(busy);
      let isAnswered = false;
      const long = Array.from(
        { length: 12 },
        (_, i) => `42["2",{"data":"${i}${'x'.repeat(3_500)}"}]`,
      );
      const post = session.send([...long, '42["2",{"data":"the last"}]'].join('\u001e'));
      void post.then(() => (isAnswered = true));
      for (let i = 0; i < 4; i++) await bounded(session.until('2'), 'a ping', () => '');
      expect(isAnswered).toBe(false);
      goOn();
      expect((await post).status).toBe(200);
      await other.socket.next({ data: 'the last' });
    });

    it('ends with a second POST that would wait [S46]', async () => {
      const busy = await startApp();
      const { session, goOn } = await paused(busy);
      const posts = Array.from({ length: 50 }, () => session.send('42["8",{"data":{}}]'));
      const answers = await bounded(Promise.all(posts), 'the answers', () => 'waits');
      const statuses = answers.map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([400]));
      expect(seatsOf(busy)).toBe(0);
      goOn();
    });

    it('ends where it does not poll [S46]', async () => {
      const busy = await startApp({ HEARTBEAT_INTERVAL: '1' });
      const { session, goOn } = await paused(busy);
      const post = await bounded(session.send('42["8",{"data":{}}]'), 'the end', () => 'a wait');
      expect(post.status).toBe(400);
      expect(seatsOf(busy)).toBe(0);
      goOn();
    });
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
