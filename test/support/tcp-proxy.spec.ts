import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { bounded } from './bounded.js';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

/** Collects what a socket receives. */
class Ear {
  text = '';

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    socket.on('error', () => undefined);
  }

  /** However it ends: a reset right after data may be read as an end. */
  async hearsTheEnd(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.socket.once('close', () => resolve());
      if (this.socket.closed) resolve();
    });
    await bounded(closed, 'the end', () => this.text);
  }

  async hears(text: string): Promise<void> {
    const heard = (async () => {
      while (!this.text.includes(text)) await once(this.socket, 'data');
    })();
    await bounded(heard, text, () => this.text);
  }
}

let echo: Server;
let peers: Set<Socket>;
let proxy: TcpProxy;
let client: Socket;
let ear: Ear;

beforeEach(async () => {
  peers = new Set();
  echo = createServer((socket) => {
    peers.add(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startProxy((echo.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1');
  ear = new Ear(client);
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  echo.close();
});

describe('TcpProxy', () => {
  it('passes what comes', async () => {
    client.write('hello');

    await ear.hears('hello');
    expect(proxy.connections).toBe(1);
  });

  it.each([0, 1, 4])('cuts after %d bytes towards the client', async (bytes) => {
    proxy.cutAfter(bytes, 'down');
    client.write('hello');

    await ear.hearsTheEnd();

    expect(ear.text).toBe('hello'.slice(0, bytes));
  });

  it('cuts once', async () => {
    proxy.cutAfter(1, 'up');
    client.write('hello');
    await ear.hearsTheEnd();
    const second = connect(proxy.port, '127.0.0.1');
    const secondEar = new Ear(second);

    second.write('again');

    await secondEar.hears('again');
    second.destroy();
  });

  it('holds everything back while it is frozen, and hands it on in order', async () => {
    client.write('before ');
    await ear.hears('before ');
    proxy.freeze();
    client.write('during ');
    proxy.thaw();
    client.write('after');

    await ear.hears('after');
    expect(ear.text).toBe('before during after');
  });

  it('keeps the end of the service from the client while it is frozen', async () => {
    client.write('hello');
    await ear.hears('hello');
    proxy.freeze();
    for (const peer of peers) peer.destroy();
    const witness = connect((echo.address() as AddressInfo).port, '127.0.0.1');
    const witnessEar = new Ear(witness);
    witness.write('and back');
    await witnessEar.hears('and back');
    witness.destroy();

    expect(client.closed).toBe(false);
    proxy.thaw();
    await ear.hearsTheEnd();
  });

  it('delays, and keeps the order', async () => {
    proxy.delayBy(20);
    for (const word of ['one ', 'two ', 'three']) client.write(word);

    await ear.hears('three');
    expect(ear.text).toBe('one two three');
  });

  it('breaks every connection off on a reset', async () => {
    client.write('hello');
    await ear.hears('hello');
    const failed = new Promise<Error>((resolve) => client.once('error', resolve));
    proxy.reset();

    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  });
});
