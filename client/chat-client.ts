import { Backoff, type BackoffOptions } from './backoff.js';
import { CatchUp } from './catch-up.js';
import { judgeClose, suggestedDelay } from './close-codes.js';
import { type Closing, Connection, type Socket } from './connection.js';
import { type Conversation, conversationOf, LOBBY, messageTo, partnerOf } from './conversation.js';
import { Emitter } from './emitter.js';
import {
  type AckFrame,
  FrameType,
  type GroupListFrame,
  type MessageFrame,
  parsePeople,
  type Person,
  type PresenceFrame,
  type RejectFrame,
  type ServerFrame,
  type WelcomeFrame,
} from './frames.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import { Positions } from './positions.js';
import { type RestClient, RestError } from './rest.js';
import { SessionOver, type TokenSession } from './token-session.js';

export type ConnectionState =
  /** Not wanted; `code` says with which close code the service forbade it, where it did. */
  | { readonly name: 'offline'; readonly code: number | null }
  | { readonly name: 'connecting' }
  | { readonly name: 'online'; readonly welcome: WelcomeFrame }
  /** The next attempt comes at `until` (ms since the epoch). */
  | { readonly name: 'waiting'; readonly until: number }
  /** The person has to log in again; `reason` is a stable code. */
  | { readonly name: 'ended'; readonly reason: string };

interface ChatEvents {
  state: ConnectionState;
  /** Whether the open connection owes an answer for some seconds: it may be dead. */
  overdue: boolean;
  /** Each message once, in the order of its conversation. */
  message: { readonly conversation: Conversation; readonly frame: MessageFrame };
  /** What was missed is here. Comes after each welcome. */
  current: undefined;
  /** Too much was missed: the conversation goes on after `head`. */
  skipped: { readonly conversation: Conversation; readonly head: number };
  /**
   * The conversation ends at `head`, below what was received: the service was restored from an
   * older backup. What is shown of it must be read again; it goes on after `head`.
   */
  reset: { readonly conversation: Conversation; readonly head: number };
  /** Who is online: `total` people, of whom the list may hold only a part. */
  people: { readonly list: readonly Person[]; readonly total: number };
  presence: PresenceFrame;
  outbox: readonly OutboxEntry[];
  /** A Reject that belongs to nothing that this client tracks. */
  rejected: RejectFrame;
}

export interface ChatClientOptions {
  readonly rest: RestClient;
  readonly session: TokenSession;
  /** Opens a WebSocket: `(url) => new WebSocket(url)`. */
  readonly openSocket: (url: string) => Socket;
  readonly backoff?: BackoffOptions;
  /** See {@link OutboxOptions.inFlight}. */
  readonly inFlight?: number;
  /** Messages of one conversation that are caught up after a reconnect; beyond: `skipped`. */
  readonly catchUpLimit?: number;
}

/**
 * A person's place in the chat, kept over lost connections, restarts of the service and expiring
 * tokens, until {@link disconnect} or the end of the session.
 */
export class ChatClient {
  readonly events = new Emitter<ChatEvents>();
  readonly outbox: Outbox;
  private readonly positions = new Positions();
  private readonly catchUp: CatchUp;
  private readonly backoff: Backoff;
  private current: ConnectionState = { name: 'offline', code: null };
  private connection: Connection | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts attempts, so that one that was given up does nothing when its answer comes. */
  private attempt = 0;
  /** A connection was refused for its token already, without a welcome since. */
  private refused = false;
  private wasOnline = false;

  constructor(private readonly options: ChatClientOptions) {
    this.backoff = new Backoff(options.backoff);
    this.outbox = new Outbox({
      transmit: (entry) => {
        this.connection?.send(messageTo(entry.conversation, entry.text, entry.ref));
      },
      changed: () => {
        this.events.emit('outbox', this.outbox.entries());
      },
      ...(options.inFlight === undefined ? {} : { inFlight: options.inFlight }),
    });
    this.catchUp = new CatchUp({
      positions: this.positions,
      send: (frame) => this.connection?.send(frame),
      page: (conversation, query) =>
        options.session.authorized((token) => options.rest.page(token, conversation, query)),
      deliver: (frame) => {
        this.accept(frame);
      },
      skipped: (conversation, head) => {
        this.outbox.settle(conversation, head);
        this.events.emit('skipped', { conversation, head });
      },
      reset: (conversation, head) => {
        this.outbox.unsettle(conversation, head);
        this.events.emit('reset', { conversation, head });
      },
      finished: () => {
        this.events.emit('current', undefined);
      },
      limit: options.catchUpLimit ?? 2_000,
    });
    options.session.events.on('renewed', (tokens) => {
      this.connection?.send({ type: FrameType.Renew, data: tokens.accessToken });
    });
    options.session.events.on('over', (over) => {
      this.end(over.code);
    });
  }

  get state(): ConnectionState {
    return this.current;
  }

  get self(): Person {
    return this.options.session.user;
  }

  /** Goes online and stays so. Does nothing where that is under way. */
  connect(): void {
    if (this.current.name === 'connecting' || this.current.name === 'online') return;
    this.backoff.reset();
    this.refused = false;
    void this.open();
  }

  /** Goes offline until {@link connect}. What waits in the outbox stays there. */
  disconnect(): void {
    this.drop();
    this.become({ name: 'offline', code: null });
  }

  /** The network or the machine came back: does not wait any longer, and trusts no old socket. */
  nudge(): void {
    if (this.current.name === 'waiting') void this.open();
    else this.connection?.probe();
  }

  /**
   * The network is gone, as the machine says: an open connection is given up at once, where it
   * would be believed in until its next sign of life is due. Attempts go on, for the machine may be
   * wrong, as for a service on itself.
   */
  interrupt(): void {
    if (this.current.name !== 'online' && this.current.name !== 'connecting') return;
    this.drop();
    this.retry(0);
  }

  /** @returns null where too much is waiting already */
  send(conversation: Conversation, text: string): OutboxEntry | null {
    return this.outbox.add(conversation, text);
  }

  /** Asks for everybody who is online; `people` answers. */
  requestPeople(): void {
    this.connection?.send({ type: FrameType.GroupList });
  }

  /** Up to where a conversation has been received; undefined: nothing is known of it. */
  position(conversation: Conversation): number | undefined {
    return this.positions.get(conversation);
  }

  /**
   * Says up to where a conversation is known to exist, as a list of them told. One that is new
   * goes on from there; one that is behind is caught up.
   */
  learn(conversation: Conversation, head: number): void {
    const position = this.positions.get(conversation);
    if (position === undefined) this.positions.start(conversation, head);
    else if (position < head && this.connection) this.catchUp.missing(conversation, head);
  }

  private async open(): Promise<void> {
    this.drop();
    const attempt = this.attempt;
    this.become({ name: 'connecting' });
    try {
      const url = await this.socketUrl();
      if (attempt === this.attempt) this.listen(this.options.openSocket(url));
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof SessionOver) this.end(error.code);
      else this.retry(error instanceof RestError ? error.retryAfter : 0);
    }
  }

  private async socketUrl(): Promise<string> {
    const { rest, session } = this.options;
    const { ticket } = await session.authorized((token) => rest.ticket(token));
    const query = new URLSearchParams({ ticket });
    // The Sync that follows asks for everything; the service need not send it before.
    if (this.wasOnline) query.set('resume', '1');
    return `${rest.base.replace(/^http/, 'ws')}/chat?${query.toString()}`;
  }

  private listen(socket: Socket): void {
    this.connection = new Connection(socket, {
      welcome: (frame) => {
        this.welcome(frame);
      },
      frame: (frame) => {
        this.receive(frame);
      },
      overdue: (overdue) => {
        this.events.emit('overdue', overdue);
      },
      closed: (closing) => {
        this.closed(closing);
      },
    });
  }

  private welcome(frame: WelcomeFrame): void {
    this.backoff.reset();
    this.refused = false;
    this.wasOnline = true;
    const lobby = frame.heads[LOBBY];
    if (lobby !== undefined && this.positions.get(LOBBY) === undefined) {
      this.positions.start(LOBBY, lobby);
    }
    this.become({ name: 'online', welcome: frame });
    this.catchUp.resume();
    this.outbox.resume();
  }

  private receive(frame: ServerFrame): void {
    switch (frame.type) {
      case FrameType.GroupChat:
      case FrameType.SingleChat:
        if ('seq' in frame) this.accept(frame);
        break;
      case FrameType.Unknown:
        this.pass(conversationOf(frame, this.self.username), frame.seq);
        break;
      case FrameType.GroupList:
        this.told(frame);
        break;
      case FrameType.Enter:
      case FrameType.Leave:
        this.events.emit('presence', frame);
        break;
      case FrameType.Ack:
        this.acknowledged(frame);
        break;
      case FrameType.Reject:
        if (!this.outbox.reject(frame) && !this.catchUp.rejected(frame)) {
          this.events.emit('rejected', frame);
        }
        break;
      case FrameType.Sync:
        this.catchUp.synced(frame);
        break;
      case FrameType.Error:
      case FrameType.Renew:
        break;
    }
  }

  private told(frame: GroupListFrame): void {
    const list = parsePeople(frame);
    this.events.emit('people', { list, total: frame.total ?? list.length });
  }

  private accept(frame: MessageFrame): void {
    const conversation = conversationOf(frame, this.self.username);
    if (this.pass(conversation, frame.seq)) this.events.emit('message', { conversation, frame });
  }

  /** Something fills a number. @returns whether it is the next one of its conversation */
  private pass(conversation: Conversation, seq: number): boolean {
    const verdict = this.positions.take(conversation, seq);
    if (verdict === 'gap') this.catchUp.missing(conversation, seq);
    if (verdict === 'gap' || verdict === 'duplicate') return false;
    this.outbox.settle(conversation, seq);
    return true;
  }

  private acknowledged(ack: AckFrame): void {
    const entry = this.outbox.acknowledge(ack);
    if (entry === null) return;
    const known = this.positions.get(entry.conversation);
    if (known !== undefined && known >= ack.seq) this.outbox.settle(entry.conversation, ack.seq);
    // A private message comes back to its author's other devices only.
    const to = partnerOf(entry.conversation);
    if (to === null) return;
    this.accept({
      type: FrameType.SingleChat,
      user: this.self,
      to,
      data: entry.text,
      id: ack.id,
      seq: ack.seq,
      time: ack.time,
    });
  }

  private closed(closing: Closing): void {
    this.drop();
    const verdict = judgeClose(closing.code, closing.errorCode);
    if (verdict === 'over' || (verdict === 'renew' && this.refused)) {
      this.end(closing.errorCode ?? 'session-revoked');
    } else if (verdict === 'stop') {
      this.become({ name: 'offline', code: closing.code });
    } else if (verdict === 'renew') {
      this.refused = true;
      void this.renewAndOpen();
    } else {
      this.retry(suggestedDelay(closing.code, closing.reason));
    }
  }

  private async renewAndOpen(): Promise<void> {
    const attempt = this.attempt;
    this.become({ name: 'connecting' });
    try {
      await this.options.session.refresh();
      if (attempt === this.attempt) await this.open();
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof SessionOver) this.end(error.code);
      else this.retry(0);
    }
  }

  private retry(suggested: number): void {
    const delay = this.backoff.next(suggested);
    this.timer = setTimeout(() => void this.open(), delay);
    this.become({ name: 'waiting', until: Date.now() + delay });
  }

  private end(reason: string): void {
    if (this.current.name === 'ended') return;
    this.drop();
    this.options.session.stop();
    this.become({ name: 'ended', reason });
  }

  /** Gives up the connection, or the attempt to get one. */
  private drop(): void {
    this.attempt += 1;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.connection?.close();
    this.connection = null;
    this.catchUp.suspend();
    this.outbox.suspend();
  }

  private become(state: ConnectionState): void {
    this.current = state;
    this.events.emit('state', state);
  }
}
