import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ChatSocket, connect, refusal } from './ws-client.js';

let http: Server;
let server: WebSocketServer;
let url: string;
let socket: ChatSocket;
let peer: WebSocket;

beforeEach(async () => {
  http = createServer();
  server = new WebSocketServer({ server: http, path: '/chat' });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/chat`;
  const connected = once(server, 'connection');
  socket = await connect(url, { token: 'a token', headers: { 'x-test': 'yes' } });
  [peer] = (await connected) as [WebSocket];
});

afterEach(() => {
  peer.terminate();
  server.close();
  http.close();
});

function say(...frames: object[]): void {
  for (const frame of frames) peer.send(JSON.stringify(frame));
}

describe('ChatSocket', () => {
  it('finds a frame that came before and one that is still to come', async () => {
    say({ type: 2, data: 'one' });
    expect(await socket.next({ type: 2 })).toMatchObject({ data: 'one' });

    const later = socket.next((frame) => frame.data === 'two');
    say({ type: 2, data: 'two' });
    expect(await later).toMatchObject({ data: 'two' });
  });

  it('returns no frame twice and leaves those that it was not asked for', async () => {
    say({ type: 2, seq: 1 }, { type: 6, ref: 'a' }, { type: 2, seq: 2 });

    expect(await socket.next({ type: 6 })).toMatchObject({ ref: 'a' });
    expect(await socket.take(2, { type: 2 })).toMatchObject([{ seq: 1 }, { seq: 2 }]);
    expect(socket.rest()).toEqual([]);
    expect(socket.frames).toHaveLength(3);
  });

  it('gives each of several waits a frame of its own', async () => {
    const waits = Promise.all([socket.next({ type: 2 }), socket.next({ type: 2 })]);
    say({ type: 2, seq: 1 }, { type: 2, seq: 2 });

    expect((await waits).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('tells what came instead of what was wanted', async () => {
    say({ type: 7, code: 'rate-limited' });
    await socket.roundTrip();

    await expect(socket.next({ type: 6 }, 50)).rejects.toThrow('rate-limited');
    await expect(socket.closed(50)).rejects.toThrow('still open');
  });

  it('ends a wait when the connection ends, and tells how that was', async () => {
    const wait = socket.next({ type: 6 });
    peer.close(4401, 'expired');

    await expect(wait).rejects.toThrow('"code":4401,"reason":"expired"');
    expect(await socket.closed()).toEqual({ code: 4401, reason: 'expired' });
  });
});

describe('refusal', () => {
  it('has the status and body of the answer', async () => {
    expect(await refusal(url.replace('/chat', '/elsewhere'))).toMatchObject({ status: 400 });
  });

  it('fails where the upgrade succeeds', async () => {
    await expect(refusal(url)).rejects.toThrow('not refused');
  });
});
