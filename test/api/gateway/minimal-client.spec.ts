import { describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { startApp } from '../../support/app.js';
import { bounded } from '../../support/bounded.js';
import { wave } from '../../support/later-version.js';
import { enter, guest } from '../../support/people.js';

interface Message {
  readonly type: number;
  readonly user: { readonly username: string } | null;
  readonly data: string;
}

/** What clients of this family have always been: no ref, no ticket, no sync, a token in the URL. */
class MinimalClient {
  readonly online: string[] = [];
  readonly lines: string[] = [];
  token: string | null;
  private readonly socket: WebSocket;
  private changed: () => void = () => undefined;

  constructor(url: string, token: string) {
    this.token = token;
    this.socket = new WebSocket(`${url}?token=${token}`);
    this.socket.on('open', () => {
      this.socket.send('{"type":1}');
    });
    this.socket.on('message', (raw: Buffer) => {
      this.show(JSON.parse(raw.toString()) as Message);
    });
  }

  say(frame: string): void {
    this.socket.send(frame);
  }

  async sees(what: () => boolean): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      this.changed = () => {
        if (what()) resolve();
      };
      this.changed();
    });
    await bounded(seen, what.toString(), () => this.lines.join('\n'));
  }

  private show({ type, user, data }: Message): void {
    if (type === 0) this.token = null;
    if (type === 1) {
      const people = JSON.parse(data) as { username: string }[];
      this.online.splice(0, Infinity, ...people.map((person) => person.username));
    }
    if (type === 2 || type === 3) this.lines.push(`${user ? user.username : 'system'}: ${data}`);
    this.changed();
  }
}

describe('A minimal client that exists already', () => {
  it('works unchanged', async () => {
    const place = await startApp();
    const bob = await enter(place, 'bob');
    const { access_token } = await guest(place, 'alice');
    const alice = new MinimalClient(place.wsUrl, access_token);

    await alice.sees(() => alice.lines.includes('system: Welcome to the chat'));
    await alice.sees(() => alice.online.includes('bob') && alice.online.includes('alice'));
    alice.say('{"type":2,"data":"hi"}');
    await alice.sees(() => alice.lines.includes('alice: hi'));
    alice.say('{"type":3,"data":"psst","to":"bob"}');
    expect(await bob.socket.next({ type: 3 })).toMatchObject({ data: 'psst', to: 'bob' });
    bob.socket.send({ type: 3, data: 'what is it?', to: 'alice' });
    await alice.sees(() => alice.lines.includes('bob: what is it?'));
  });

  it('is not disturbed by what only later versions know', async () => {
    const place = await startApp();
    const bob = await enter(place, 'bob');
    const { access_token, user } = await guest(place, 'alice');
    const alice = new MinimalClient(place.wsUrl, access_token);
    await alice.sees(() => alice.online.includes('alice'));
    await wave(place, bob.tokens.user);
    await wave(place, bob.tokens.user, user);
    bob.socket.send({ type: 2, data: 'did you see?' });
    await alice.sees(() => alice.lines.includes('bob: did you see?'));
    expect(alice.lines).toEqual(['system: Welcome to the chat', 'bob: did you see?']);
    expect(alice.token).toBe(access_token);
  });

  it('learns from type 0 that its token is not good', async () => {
    const place = await startApp({ LOCALE: 'zh' });
    const client = new MinimalClient(place.wsUrl, 'an-old-token');
    await client.sees(() => client.token === null);
  });
});
