import { beforeAll, describe, expect, it } from '@jest/globals';
import { openSocketIo } from '../../../web/src/session/socket-io.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { FrameLog } from '../../support/frame-log.js';
import { wave } from '../../support/later-version.js';
import { buyTicket, enter, guest, logout, type Tokens } from '../../support/people.js';
import type { Frame } from '../../support/ws-client.js';

/** The page's Socket.IO connection, which looks like a WebSocket. */
class PageSocket extends FrameLog {
  readonly closed: Promise<number>;
  private readonly socket: ReturnType<typeof openSocketIo>;

  constructor(url: string) {
    super();
    this.socket = openSocketIo(url);
    this.socket.addEventListener('message', ({ data }) => {
      this.add(JSON.parse(String(data)) as Frame);
    });
    this.closed = new Promise((resolve) => {
      this.socket.addEventListener('close', ({ code }) => {
        resolve(code);
      });
    });
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  close(): void {
    this.socket.close();
  }
}

describe("The page's Socket.IO connection", () => {
  let place: RunningApp;

  beforeAll(async () => {
    place = await startApp();
  });

  async function open(tokens: Tokens): Promise<PageSocket> {
    const ticket = await buyTicket(place, tokens.access_token);
    const socket = new PageSocket(`${place.wsUrl}?ticket=${ticket}`);
    await socket.next({ type: 2, user: null });
    return socket;
  }

  it('looks like a native one: what one says comes back, and the list is a text', async () => {
    const ann = await enter(place, 'ann');
    const ben = await open(await guest(place, 'ben'));
    ben.send({ type: 2, data: 'hello', ref: 'r' });
    const heard = await ann.socket.next({ data: 'hello' });
    expect(await ben.next({ data: 'hello' })).toEqual(heard);
    expect(await ben.next({ type: 6 })).toMatchObject({ ref: 'r', seq: heard.seq });
    ben.send({ type: 1 });
    expect(typeof (await ben.next({ type: 1 })).data).toBe('string');
    ben.close();
  });

  it('is told of what only later versions know, and stays', async () => {
    const ann = await enter(place, 'annie');
    const { user, ...tokens } = await guest(place, 'benny');
    const ben = await open({ ...tokens, user });
    await wave(place, ann.tokens.user, user);
    expect(await ben.next({ type: 99 })).toMatchObject({
      user: ann.tokens.user,
      to: 'benny',
      seq: 1,
    });
    ann.socket.send({ type: 3, data: 'psst', to: 'benny' });
    expect(await ben.next({ type: 3 })).toMatchObject({ data: 'psst', seq: 2 });
    ben.close();
  });

  it('ends with the codes that the client goes by', async () => {
    expect(await new PageSocket(`${place.wsUrl}?ticket=nonsense`).closed).toBe(4401);
    const tokens = await guest(place, 'leaver');
    const socket = await open(tokens);
    await logout(place, tokens.access_token);
    expect(await socket.closed).toBe(4401);
    expect(await socket.next({ type: 0 })).toMatchObject({ code: 'session-revoked' });
  });
});
