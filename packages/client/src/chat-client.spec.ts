import { describe, expect, it } from '@jest/globals';
import { BOB, directMessage, roomMessage } from './testing/scripted-service.js';
import { stageForEach } from './testing/stage.js';

const stage = stageForEach();

describe('ChatClient', () => {
  it('comes back by itself and names up to where it has everything', async () => {
    const { service, under } = stage();
    const first = await under.goOnline(3);
    first.send(roomMessage(4));
    await under.untilHeard(1);
    first.cut();
    const second = await service.nextPeer();
    second.welcome(6);
    const sync = await second.next();
    expect(sync).toMatchObject({ type: 8, data: { lobby: 4 } });
    const current = under.untilCurrent();
    second.send(roomMessage(5), roomMessage(6));
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 6, complete: true } } });
    await current;
    expect(under.heard).toEqual(['lobby 4 message 4', 'lobby 5 message 5', 'lobby 6 message 6']);
  });

  it('tells each message once, however often it comes', async () => {
    const { under } = stage();
    const peer = await under.goOnline(3);
    peer.send(roomMessage(4), roomMessage(4), roomMessage(3), roomMessage(5));
    await under.untilHeard(2);
    expect(under.heard).toEqual(['lobby 4 message 4', 'lobby 5 message 5']);
  });

  it('asks for what lies in a gap and tells it in order', async () => {
    const { under } = stage();
    const peer = await under.goOnline(3);
    peer.send(roomMessage(6));
    const sync = await peer.next();
    expect(sync).toMatchObject({ type: 8, data: { lobby: 3 } });
    peer.send(roomMessage(4), roomMessage(5), roomMessage(6));
    peer.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 6, complete: true } } });
    await under.untilHeard(3);
    expect(under.heard.map((line) => line.split(' ')[1])).toEqual(['4', '5', '6']);
  });

  it('pages over HTTP where too much was missed for Sync', async () => {
    const { service, under } = stage();
    const log = Array.from({ length: 50 }, (_, index) => roomMessage(index + 1));
    service.answers.set('GET /rooms/lobby/messages', (query) => {
      const after = Number(query.get('after'));
      return { status: 200, body: { items: log.slice(after, after + 20), head: 50 } };
    });
    const first = await under.goOnline(3);
    first.cut();
    const second = await service.nextPeer();
    second.welcome(50);
    const sync = await second.next();
    const current = under.untilCurrent();
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 50, complete: false } } });
    await current;
    expect(under.heard.map((line) => Number(line.split(' ')[1]))).toEqual(
      Array.from({ length: 47 }, (_, index) => index + 4),
    );
  });

  it('pages over HTTP where the service does not know Sync', async () => {
    const { service, under } = stage();
    service.answers.set('GET /rooms/lobby/messages', () => ({
      status: 200,
      body: { items: [roomMessage(4)], head: 4 },
    }));
    under.client.connect();
    const peer = await service.nextPeer();
    peer.welcome(3);
    const sync = await peer.next();
    const current = under.untilCurrent();
    peer.send({ type: 7, ref: sync['ref'], code: 'unknown-type', data: '', retryable: false });
    await current;
    expect(under.heard).toEqual(['lobby 4 message 4']);
  });

  it('skips to the head where more was missed than it would catch up', async () => {
    const { service } = stage();
    const under = stage().replaceClient({ catchUpLimit: 10 });
    service.answers.set('GET /rooms/lobby/messages', () => ({
      status: 200,
      body: { items: [roomMessage(4)], head: 5_000 },
    }));
    const first = await under.goOnline(3);
    first.cut();
    const skips: unknown[] = [];
    under.client.events.on('skipped', (skip) => skips.push(skip));
    const second = await service.nextPeer();
    second.welcome(5_000);
    const sync = await second.next();
    const current = under.untilCurrent();
    second.send({ type: 8, ref: sync['ref'], data: { lobby: { seq: 5_000, complete: false } } });
    await current;
    second.send(roomMessage(5_001));
    await under.untilHeard(1);
    expect(skips).toEqual([{ conversation: 'lobby', head: 5_000 }]);
    expect(under.heard).toEqual(['lobby 5001 message 5001']);
  });

  describe('where the log ends below what was received', () => {
    const resets: string[] = [];

    async function comeBackTo(head: number) {
      const { service, under } = stage();
      resets.length = 0;
      under.client.events.on('reset', (reset) => {
        resets.push(`${reset.conversation} ${String(reset.head)}`);
      });
      const first = await under.goOnline(5);
      first.send(roomMessage(6), roomMessage(7), roomMessage(8));
      await under.untilHeard(3);
      first.cut();
      const peer = await service.nextPeer();
      peer.welcome(head);
      return peer;
    }

    it('says so, and goes on from there with what came meanwhile', async () => {
      const { under } = stage();
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
      await under.untilHeard(5);
      expect(resets).toEqual(['lobby 6']);
      expect(under.heard.slice(3)).toEqual(['lobby 7 new 7', 'lobby 8 new 8']);
      expect(under.client.position('lobby')).toBe(8);
    });

    it('finds it by pages, too, where the service does not know Sync', async () => {
      const { service, under } = stage();
      service.answers.set('GET /rooms/lobby/messages', () => ({
        status: 200,
        body: { items: [], head: 6 },
      }));
      const peer = await comeBackTo(6);
      const current = under.untilCurrent();
      const sync = await peer.next();
      peer.send({ type: 7, ref: sync['ref'], code: 'unknown-type', data: '', retryable: false });
      await current;
      peer.send(roomMessage(7, 'new 7'));
      await under.untilHeard(4);
      expect(resets).toEqual(['lobby 6']);
      expect(under.heard.at(-1)).toBe('lobby 7 new 7');
    });
  });

  it('sends what was never acknowledged again under its ref, over the next connection', async () => {
    const { service, under } = stage();
    const first = await under.goOnline(0);
    under.client.send('lobby', 'hello');
    const frame = await first.next();
    first.cut();
    const second = await service.nextPeer();
    second.welcome(0);
    await second.answerSync();
    expect(await second.next()).toEqual(frame);
    expect(under.client.outbox.entries()[0]?.state).toBe('pending');
  });

  it('tells its own private message from the Ack, since no frame of it comes here', async () => {
    const { under } = stage();
    const peer = await under.goOnline(0);
    under.client.send('@bob', 'psst');
    const frame = await peer.next();
    expect(frame).toMatchObject({ type: 3, to: 'bob', data: 'psst' });
    peer.send({ type: 6, ref: frame['ref'], to: 'bob', id: 'id', seq: 1, time: 5 });
    peer.send(directMessage(2));
    await under.untilHeard(2);
    expect(under.heard).toEqual(['@bob 1 psst', '@bob 2 secret 2']);
    expect(under.client.outbox.entries()).toEqual([]);
  });

  it('sends what a message brings beside its text, and has it in its own private one', async () => {
    const { under } = stage();
    const peer = await under.goOnline(0);
    under.client.send('lobby', 'hello', { reply: 3, thread: 2, also: true, mentions: [BOB] });
    const said = await peer.next();
    expect(said).toMatchObject({ type: 2, reply: 3, thread: 2, also: true, mentions: ['bob'] });
    peer.send({ type: 6, ref: said['ref'], room: 'lobby', id: 'i', seq: 1, time: 1 });
    under.client.send('lobby', 'hello @all', { mentionAll: true });
    const loud = await peer.next();
    expect(loud).toMatchObject({ type: 2, data: 'hello @all', mention_all: true });
    peer.send({ type: 6, ref: loud['ref'], room: 'lobby', id: 'j', seq: 2, time: 2 });
    const told = new Promise((resolve) => {
      under.client.events.on('message', resolve);
    });
    under.client.send('@bob', 'psst', { reply: 4, mentions: [BOB] });
    const secret = await peer.next();
    expect(secret).toMatchObject({ type: 3, to: 'bob', reply: 4, mentions: ['bob'] });
    peer.send({ type: 6, ref: secret['ref'], to: 'bob', id: 'i', seq: 9, time: 1 });
    expect(await told).toMatchObject({ frame: { data: 'psst', reply: 4, mentions: [BOB] } });
  });

  it('gives up a conversation that cannot be read, and goes on with the others', async () => {
    const { service, under } = stage();
    service.answers.set('GET /direct/nobody/messages', () => ({ status: 404, body: {} }));
    const peer = await under.goOnline(0);
    under.client.learn('@nobody', 1);
    under.client.learn('@nobody', 2);
    const sync = await peer.next();
    const current = under.untilCurrent();
    peer.send({ type: 7, ref: sync['ref'], code: 'not-a-member', data: '', retryable: false });
    await current;
    expect(under.client.state.name).toBe('online');
  });

  it('tells who is online, and how many in all', async () => {
    const { under } = stage();
    const peer = await under.goOnline(0);
    const people = new Promise((resolve) => under.client.events.on('people', resolve));
    under.client.requestPeople();
    expect(await peer.next()).toEqual({ type: 1 });
    peer.send({ type: 1, user: null, data: '[{"id":"1","username":"bob"}]', total: 7 });
    expect(await people).toEqual({ list: [{ id: '1', username: 'bob' }], total: 7 });
  });

  it('catches up a conversation of which a list says that it goes on', async () => {
    const { under } = stage();
    const peer = await under.goOnline(0);
    under.client.learn('@bob', 4);
    expect(under.client.position('@bob')).toBe(4);
    under.client.learn('@bob', 6);
    expect(await peer.next()).toMatchObject({ type: 8, data: { '@bob': 4 } });
  });

  it('keeps what is written after disconnect', async () => {
    const { under } = stage();
    await under.goOnline(0);
    under.client.disconnect();
    expect(under.client.send('lobby', 'later')?.state).toBe('pending');
  });
});
