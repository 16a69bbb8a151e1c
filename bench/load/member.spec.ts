import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Peer } from '../peers/peer.js';
import { Ledger } from './ledger.js';
import { Member } from './member.js';
import { taggedRef, taggedText } from './tag.js';

const PEER: Peer = {
  name: 'stub',
  title: 'a stub',
  missing: () => null,
  version: () => '1',
  command: () => ({ file: '', args: [] }),
  upgrade: () => ({ path: '/' }),
  say: (_author, text) => text,
};
const ACCEPTANCE = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';

function frame(text: string): Buffer {
  const body = Buffer.from(JSON.stringify({ type: 2, user: null, data: text }));
  return Buffer.concat([Buffer.of(0x81, body.length), body]);
}

describe('a member of the load client', () => {
  let server: Server;
  let socket: Socket;
  let member: Member;
  let ledger: Ledger;

  beforeEach(async () => {
    server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const arrival = once(server, 'connection') as Promise<[Socket]>;
    const opening = Member.open(
      PEER,
      { name: 'a', token: '' },
      (server.address() as AddressInfo).port,
    );
    [socket] = await arrival;
    await once(socket, 'data');
    socket.write(ACCEPTANCE);
    member = await opening;
    ledger = new Ledger([member]);
  });

  afterEach(() => {
    member.leave();
    socket.destroy();
    server.close();
  });

  async function untilRead(bytes: number): Promise<void> {
    const { promise, resolve } = withResolvers();
    ledger.onPause = () => {
      if (member.bytesRead >= ACCEPTANCE.length + bytes) resolve();
    };
    await promise;
  }

  async function deliver(...texts: string[]): Promise<void> {
    const bytes = Buffer.concat(texts.map(frame));
    const read = untilRead(bytes.length);
    socket.write(bytes);
    await read;
  }

  it('finds nothing wrong where each message came once', async () => {
    const numbers = [ledger.enterForAll(0), ledger.enterForAll(0), ledger.enterForAll(0)];
    await deliver(...numbers.map(taggedText));
    expect(ledger.fault()).toBeNull();
    expect(ledger.outstanding).toBe(0);
  });

  it('reads frames that come byte by byte', async () => {
    const bytes = Buffer.concat([frame(taggedText(ledger.enterForAll(0))), frame('no tag')]);
    const read = untilRead(bytes.length);
    for (const byte of bytes) {
      socket.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await read;
    expect(ledger.fault()).toBeNull();
  });

  it('notices a message that did not come', async () => {
    const number = ledger.enterForAll(0);
    ledger.enterForAll(0);
    await deliver(taggedText(number));
    expect(ledger.fault()).toMatch(/lack messages/);
    expect(ledger.outstanding).toBe(1);
  });

  it('notices one message twice in place of another', async () => {
    const number = ledger.enterForAll(0);
    ledger.enterForAll(0);
    await deliver(taggedText(number), taggedText(number));
    expect(ledger.fault()).toMatch(/twice/);
  });

  it('tells an answer from a delivery', async () => {
    const number = ledger.enterForAll(0);
    await deliver(taggedRef(number));
    expect(ledger.deliveries).toBe(0);
    expect(ledger.refs).toBe(1);
  });

  it('notices that the server closed the connection', async () => {
    socket.destroy();
    await member.gone;
    expect(ledger.fault()).toMatch(/closed/);
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
