import { describe, expect, it } from '@jest/globals';
import { PasswordHasher } from '../../src/auth/accounts/password-hasher.js';
import { startApp } from '../support/app.js';
import { enter, guest, join, type Place, register, type Tokens } from '../support/people.js';
import { startService } from '../support/service.js';
import { startProxy } from '../support/tcp-proxy.js';
import { type ChatSocket, connect, type Frame } from '../support/ws-client.js';

const CLIENTS = 300;
const BEFORE = 50;
const MEANWHILE = 50;

/** What a client sees of a service that is not there. */
const AWAY = /ECONNREFUSED|ECONNRESET|socket hang up/;
/** The list of who is here is nobody's business in these tests. */
const ENVIRONMENT = { PRESENCE_LIST_MAX: '10' };

/** Somebody who comes back with the token and Sync, as soon as the connection is gone. */
class Returner {
  /** The numbers in the order in which they came, over all connections. */
  readonly heard: number[] = [];
  /** Numbers that came again, or too early, when a Sync had brought everything. */
  readonly wrong: number[] = [];
  returns = 0;
  private socket: ChatSocket | null = null;
  /** Frames of this connection that were looked at. */
  private seen = 0;
  private isSynced = false;

  constructor(
    private readonly wsUrl: string,
    private readonly tokens: Tokens,
  ) {}

  /** Resolves when everything that was missed is there. */
  async come(): Promise<void> {
    const socket = await this.open();
    socket.send({ type: 8, data: { lobby: this.heard.length } });
    const { data } = await socket.next({ type: 8 }, 30_000);
    expect(data).toMatchObject({ lobby: { complete: true } });
  }

  /** Resolves when the connection has ended and there is another one that has caught up. */
  async comeBack(): Promise<void> {
    await this.socket?.closed(30_000);
    this.keep();
    await this.come();
    this.returns += 1;
  }

  async hears(data: string): Promise<void> {
    await this.socket?.next({ type: 2, data }, 30_000);
    this.keep();
  }

  private keep(): void {
    const frames: readonly Frame[] = this.socket?.frames.slice(this.seen) ?? [];
    this.seen += frames.length;
    for (const { type, room, seq } of frames) {
      if (type === 8) this.isSynced = true;
      if (room === 'lobby' && seq !== undefined) this.take(seq);
    }
  }

  /** What is said before the Sync is asked for may come ahead of it, and comes with it again. */
  private take(seq: number): void {
    if (seq === this.heard.length + 1) this.heard.push(seq);
    else if (this.isSynced) this.wrong.push(seq);
  }

  /** While the service is away its port refuses. */
  private async open(): Promise<ChatSocket> {
    for (;;) {
      try {
        const { access_token: token } = this.tokens;
        this.socket = await connect(`${this.wsUrl}?resume=1`, { token });
        this.seen = 0;
        this.isSynced = false;
        return this.socket;
      } catch (error) {
        if (!AWAY.test(String(error))) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}

/** Says so many things, each until it is acknowledged. */
async function say(socket: ChatSocket, from: number, count: number): Promise<void> {
  for (let i = from; i < from + count; i++) {
    socket.send({ type: 2, data: `remark ${i}`, ref: `remark ${i}` });
  }
  await socket.take(count, { type: 6 });
}

async function gather(place: Place, wsUrl: string): Promise<readonly Returner[]> {
  const names = Array.from({ length: CLIENTS }, (_, at) => `guest-${at + 1_000}`);
  const people = await Promise.all(names.map((name) => guest(place, name)));
  const crowd = people.map((tokens) => new Returner(wsUrl, tokens));
  await Promise.all(crowd.map((one) => one.come()));
  return crowd;
}

/** Everybody has every number up to there, each once and in order. */
function expectAll(crowd: readonly Returner[], count: number): void {
  const all = Array.from({ length: count }, (_, at) => at + 1);
  for (const { heard, wrong } of crowd) expect({ heard, wrong }).toEqual({ heard: all, wrong: [] });
  expect(crowd.map(({ returns }) => returns)).toEqual(crowd.map(() => 1));
}

describe(`${CLIENTS} clients whose connections end at once`, () => {
  it('are all back with everything, without a password hashed, while others talk on [F14]', async () => {
    const place = await startApp(ENVIRONMENT);
    await register(place, 'owner');
    const proxy = await startProxy(Number(new URL(place.url).port));
    const bystander = await enter(place, 'bystander');
    const crowd = await gather(place, proxy.wsUrl);
    await say(bystander.socket, 0, BEFORE);
    await Promise.all(crowd.map((one) => one.hears(`remark ${BEFORE - 1}`)));
    const hasher = place.app.get(PasswordHasher, { strict: false });
    hasher.hash = hasher.verify = async () => {
      throw new Error('a password was hashed');
    };

    const returning = crowd.map((one) => one.comeBack());
    proxy.reset();
    await say(bystander.socket, BEFORE, MEANWHILE);
    await Promise.all(returning);
    await say(bystander.socket, BEFORE + MEANWHILE, 1);
    await Promise.all(crowd.map((one) => one.hears(`remark ${BEFORE + MEANWHILE}`)));

    expectAll(crowd, BEFORE + MEANWHILE + 1);
  });

  it('are all back with everything when the service was killed under them [F14]', async () => {
    const service = await startService({ env: ENVIRONMENT });
    const speaker = await enter(service, 'speaker');
    const crowd = await gather(service, service.wsUrl);
    await say(speaker.socket, 0, BEFORE);
    const returning = crowd.map((one) => one.comeBack());
    // When the end comes some of these are stored and some are not. All are said again.
    for (let i = BEFORE; i < BEFORE + MEANWHILE; i++) {
      speaker.socket.send({ type: 2, data: `remark ${i}`, ref: `remark ${i}` });
    }
    await service.kill();
    await service.restart();
    const socket = await join(service, speaker.tokens);
    await say(socket, BEFORE, MEANWHILE);
    await Promise.all(returning);
    await say(socket, BEFORE + MEANWHILE, 1);
    await Promise.all(crowd.map((one) => one.hears(`remark ${BEFORE + MEANWHILE}`)));

    expectAll(crowd, BEFORE + MEANWHILE + 1);
  });
});
