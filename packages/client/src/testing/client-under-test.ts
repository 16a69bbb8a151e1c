import { WebSocket } from 'ws';
import { ChatClient } from '../chat-client.js';
import type { ConnectionState } from '../reconnector.js';
import { RestClient } from '../rest.js';
import { keep, TokenSession } from '../token-session.js';
import { type Peer, ScriptedService } from './scripted-service.js';

/** A client of a scripted service, and everything it reported. */
export class ClientUnderTest {
  readonly session: TokenSession;
  readonly client: ChatClient;
  /** One line per message: conversation, number, text. */
  readonly heard: string[] = [];

  constructor(
    private readonly service: ScriptedService,
    options: { catchUpLimit?: number; expiresIn?: number } = {},
  ) {
    const rest = new RestClient(service.origin);
    this.session = new TokenSession(rest, keep(service.nextTokens(options.expiresIn)));
    this.client = new ChatClient({
      rest,
      session: this.session,
      openSocket: (url) => new WebSocket(url),
      backoff: { base: 1 },
      catchUpLimit: options.catchUpLimit ?? 100,
    });
    this.client.events.on('message', ({ conversation, frame }) => {
      this.heard.push(`${conversation} ${String(frame.seq)} ${frame.data}`);
    });
  }

  until(wanted: ConnectionState['name']): Promise<ConnectionState> {
    return new Promise((resolve) => {
      if (this.client.state.name === wanted) resolve(this.client.state);
      this.client.events.on('state', (state) => {
        if (state.name === wanted) resolve(state);
      });
    });
  }

  untilCurrent(): Promise<void> {
    return new Promise((resolve) => {
      this.client.events.on('current', () => {
        resolve();
      });
    });
  }

  untilHeard(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.heard.length >= count) resolve();
      this.client.events.on('message', () => {
        if (this.heard.length >= count) resolve();
      });
    });
  }

  /** Connects, and is welcomed to a lobby whose head is `head`. */
  async goOnline(head: number): Promise<Peer> {
    const current = this.untilCurrent();
    this.client.connect();
    const peer = await this.service.nextPeer();
    peer.welcome(head);
    await peer.answerSync();
    await current;
    return peer;
  }

  leave(): void {
    this.client.disconnect();
    this.session.stop();
  }
}
